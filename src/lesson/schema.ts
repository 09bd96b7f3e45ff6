// Pieces that the schemas of front matter, exercises, quizzes and predictions share.
import * as v from "valibot";

export const identifierPattern = /^[A-Za-z][\w-]*$/;
export const identifierRule = "letters, digits, - and _, beginning with a letter";

export const identifier = v.pipe(
  v.string(),
  v.regex(identifierPattern, `an id is made of ${identifierRule}`),
);
export const markdownText = v.pipe(
  v.string(),
  v.check((text) => text.trim() !== "", "must not be empty"),
);
export const points = v.pipe(v.number(), v.minValue(0, "must not be negative"));
export const positive = v.pipe(v.number(), v.minValue(Number.MIN_VALUE, "must be more than 0"));
