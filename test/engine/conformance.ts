// Reading the reference cases in fixtures/ (made with PyTorch). A case is a sample of its rule: what is compared is computed
// by the public face, nothing is special-cased. The comparisons are in replay/.
import { readFileSync } from "node:fs";

export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as T;
}
