// Solutions as the site stores them: sealed, so that nobody meets one by chance or by a search through the
// site's files, and not secret: whoever wants to can open them.

/** Deflates (raw) a source text and writes it as base64. */
export async function sealSolution(source: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(source), new CompressionStream("deflate-raw"));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The text that `sealSolution` sealed. Rejects on anything else. */
export async function openSolution(sealed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0));
  const opened = await through(bytes, new DecompressionStream("deflate-raw"));
  return new TextDecoder("utf-8", { fatal: true }).decode(opened);
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: GenericTransformStream,
): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
