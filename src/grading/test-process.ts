// The program of a process that runs tests: the kernel with the engine, the lesson tools and the module of the tests.
// No answer ever runs in it.
import * as engine from "../engine/index.ts";
import { lessonTools, startProcessKernel } from "../runtime/worker.ts";
import { TEST_MODULE, testModule } from "./worker.ts";

void startProcessKernel({ descent: engine, "descent/lesson": lessonTools, [TEST_MODULE]: testModule });
