// The only file that a process loads: takes the kernel's program from its standard input and starts it. Deno reads every
// module to its end for imports before it runs it, which for the whole program takes as long as starting Deno.
import type { Greeting } from "./pipe-protocol.ts";
import { captureStdio } from "./stdio.ts";

async function boot(): Promise<void> {
  const stdio = captureStdio();
  const greeting = await stdio.readLine();
  const program = await stdio.readLine();
  if (greeting === null || program === null) return;
  // oxlint-disable-next-line typescript/no-implied-eval -- the program is ours, and comes this way for the sake of speed
  const start = new Function("descentBoot", JSON.parse(program) as string);
  start({ stdio, greeting: JSON.parse(greeting) as Greeting });
}

void boot();
