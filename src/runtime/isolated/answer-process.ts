// The program of a process that runs answers: the kernel with the engine and the lesson tools, and nothing else.
import * as engine from "../../engine/index.ts";
import { lessonTools } from "../lesson-tools/module.ts";
import { startProcessKernel } from "./process-kernel.ts";

void startProcessKernel({ descent: engine, "descent/lesson": lessonTools });
