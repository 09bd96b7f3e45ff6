// Property-based tests draw the same examples at every run, so that a failure is the change's and not the dice's.
// FAST_CHECK_SEED=random (or a number) draws others: `FAST_CHECK_SEED=random npm run test:unit` hunts for new ones.
import fc from "fast-check";

const given = process.env["FAST_CHECK_SEED"];

if (given !== "random") fc.configureGlobal({ seed: given === undefined ? 20_261_121 : Number(given) });
