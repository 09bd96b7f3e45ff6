// Five hundred mixed submissions, most of them hostile, graded once in one go and once broken off and resumed. Prints what
// went wrong, and ends with 1 if anything did. Run it with `npm run bench:hostile`; it takes some ten minutes.
import { runHostileFolder } from "../cli/grade/hostile.ts";
import { removeFolders } from "../cli/grade/support.ts";

const started = performance.now();
const { students, findings } = await runHostileFolder({
  rounds: 12,
  costlyRounds: 4,
  costly: () => true,
  onLine: console.log,
});
await removeFolders();
for (const finding of findings) console.log(finding);
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(
  `${students} students and the broken files, twice, in ${minutes} min: ${findings.length} findings`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
