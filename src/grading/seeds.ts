// Where the random numbers of a test come from: a public seed for visible tests, a secret one for hidden tests.

/** The seed of one case. Visible tests have the same cases in a page, in `check` and in `grade`. */
export function caseSeed(seed: string, exercise: string, test: string, index: number): string {
  return JSON.stringify([seed, exercise, test, index]);
}

/** The seed of visible tests, everywhere. */
export const PUBLIC_SEED = "public";

/**
 * The secret seed of one student and one exercise: HMAC-SHA-256 under the course's key, in hex. The same four
 * values always give the same seed, so that a regrade repeats exactly.
 *
 * @param key The course's key: any secret text that is not empty.
 * @param version The lesson's version (sha256 of its source).
 */
export async function deriveSeed(
  key: string,
  exerciseId: string,
  version: string,
  student: string,
): Promise<string> {
  if (key === "") throw new Error("deriveSeed: the key of the course is empty; give a secret text");
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, ["sign"]);
  // As JSON, so that no two triples run together to the same bytes.
  const message = encoder.encode(JSON.stringify([exerciseId, version, student]));
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", secret, message));
  return Array.from(signature, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
