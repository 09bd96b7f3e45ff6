// Cuts a TrueType font down to the characters that a course uses and packs it as WOFF2. Glyphs keep their numbers, so metrics
// and the character map stay as they are; outlines that nobody needs become empty. Layout tables and hinting programs are left out:
// KaTeX places every glyph itself.
// Formats: https://learn.microsoft.com/typography/opentype/spec/ and https://www.w3.org/TR/WOFF2/
import { brotliCompressSync, constants } from "node:zlib";

type Tables = Map<string, Buffer>;

/** What a browser needs to draw a glyph, in the order of the file. */
const keptTables = ["OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"];

/** @returns the font as WOFF2, with outlines for `characters` only; `null` when it has none of them. */
export function subsetFont(font: Buffer, characters: ReadonlySet<number>): Buffer | null {
  const tables = readTables(font);
  const map = characterMap(table(tables, "cmap"));
  const glyphs = [...characters].flatMap((character) => map.get(character) ?? []);
  if (glyphs.length === 0) return null;
  // Glyph 0 stands for every character that a font lacks.
  keepGlyphs(tables, new Set([0, ...glyphs]));
  // Names of glyphs are of no use to a browser: version 3 has none.
  const post = Buffer.from(table(tables, "post").subarray(0, 32));
  post.writeUInt32BE(0x00030000, 0);
  tables.set("post", post);
  return packWoff2(
    font.readUInt32BE(0),
    keptTables.map((tag) => [tag, table(tables, tag)]),
  );
}

/** Every code point that a font has a glyph for. */
export function charactersOf(font: Buffer): Set<number> {
  return new Set(characterMap(table(readTables(font), "cmap")).keys());
}

function readTables(font: Buffer): Tables {
  const tables: Tables = new Map();
  for (let index = 0; index < font.readUInt16BE(4); index += 1) {
    const entry = 12 + 16 * index;
    const offset = font.readUInt32BE(entry + 8);
    tables.set(
      font.toString("latin1", entry, entry + 4),
      font.subarray(offset, offset + font.readUInt32BE(entry + 12)),
    );
  }
  return tables;
}

function table(tables: Tables, tag: string): Buffer {
  const found = tables.get(tag);
  if (found === undefined) throw new Error(`The font has no table “${tag}”.`);
  return found;
}

/** Code point → glyph, from the Unicode map of format 4, which every font of the basic plane has. */
function characterMap(cmap: Buffer): Map<number, number> {
  const map = formatFour(cmap);
  const segments = map.readUInt16BE(6) / 2;
  const ends = 14;
  const starts = ends + 2 * segments + 2;
  const deltas = starts + 2 * segments;
  const ranges = deltas + 2 * segments;
  const glyphs = new Map<number, number>();
  for (let segment = 0; segment < segments; segment += 1) {
    const start = map.readUInt16BE(starts + 2 * segment);
    const end = map.readUInt16BE(ends + 2 * segment);
    const delta = map.readUInt16BE(deltas + 2 * segment);
    const range = map.readUInt16BE(ranges + 2 * segment);
    // The last segment is a mark, not a character.
    for (let character = start; character <= end && character < 0xffff; character += 1) {
      const listed =
        range === 0 ? character : map.readUInt16BE(ranges + 2 * segment + range + 2 * (character - start));
      const glyph = range !== 0 && listed === 0 ? 0 : (listed + delta) & 0xffff;
      if (glyph !== 0) glyphs.set(character, glyph);
    }
  }
  return glyphs;
}

function formatFour(cmap: Buffer): Buffer {
  for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
    const map = cmap.subarray(cmap.readUInt32BE(4 + 8 * index + 4));
    if (map.readUInt16BE(0) === 4) return map;
  }
  throw new Error("The font has no character map of format 4.");
}

/** Empties every outline but those of `glyphs` and of their parts, and takes the hinting programs out of these. */
function keepGlyphs(tables: Tables, glyphs: Set<number>): void {
  const glyf = table(tables, "glyf");
  const loca = table(tables, "loca");
  const head = Buffer.from(table(tables, "head"));
  const isLong = head.readInt16BE(50) === 1;
  const count = table(tables, "maxp").readUInt16BE(4);
  const offset = (glyph: number) =>
    isLong ? loca.readUInt32BE(4 * glyph) : 2 * loca.readUInt16BE(2 * glyph);
  const outline = (glyph: number) => glyf.subarray(offset(glyph), offset(glyph + 1));
  for (const glyph of glyphs) for (const part of partsOf(outline(glyph))) glyphs.add(part);

  const outlines: Buffer[] = [];
  const places = Buffer.alloc(4 * (count + 1));
  let length = 0;
  for (let glyph = 0; glyph < count; glyph += 1) {
    places.writeUInt32BE(length, 4 * glyph);
    if (!glyphs.has(glyph)) continue;
    const kept = withoutInstructions(outline(glyph));
    const padded = Buffer.concat([kept, Buffer.alloc(-kept.length & 3)]);
    outlines.push(padded);
    length += padded.length;
  }
  places.writeUInt32BE(length, 4 * count);
  head.writeInt16BE(1, 50);
  tables.set("glyf", Buffer.concat(outlines));
  tables.set("loca", places);
  tables.set("head", head);
}

const flags = {
  wordArguments: 0x0001,
  scale: 0x0008,
  more: 0x0020,
  xyScale: 0x0040,
  matrix: 0x0080,
  instructions: 0x0100,
};

/** The parts of a composite glyph: where each begins, its flags and its glyph. */
function components(outline: Buffer): { place: number; flags: number; glyph: number; end: number }[] {
  const parts = [];
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) return [];
  let place = 10;
  for (let more = true; more;) {
    const bits = outline.readUInt16BE(place);
    let end = place + 4 + (bits & flags.wordArguments ? 4 : 2);
    if (bits & flags.scale) end += 2;
    else if (bits & flags.xyScale) end += 4;
    else if (bits & flags.matrix) end += 8;
    parts.push({ place, flags: bits, glyph: outline.readUInt16BE(place + 2), end });
    more = (bits & flags.more) !== 0;
    place = end;
  }
  return parts;
}

function partsOf(outline: Buffer): number[] {
  return components(outline).map(({ glyph }) => glyph);
}

function withoutInstructions(outline: Buffer): Buffer {
  if (outline.length === 0) return outline;
  const contours = outline.readInt16BE(0);
  if (contours < 0) {
    const parts = components(outline);
    const kept = Buffer.from(outline.subarray(0, parts.at(-1)?.end ?? outline.length));
    for (const part of parts) kept.writeUInt16BE(part.flags & ~flags.instructions, part.place);
    return kept;
  }
  const lengthPlace = 10 + 2 * contours;
  const length = outline.readUInt16BE(lengthPlace);
  return Buffer.concat([
    outline.subarray(0, lengthPlace),
    Buffer.alloc(2),
    outline.subarray(lengthPlace + 2 + length),
  ]);
}

/** Tags that WOFF2 names by a number; only those that are written here. */
const knownTags: Record<string, number> = {
  cmap: 0,
  head: 1,
  hhea: 2,
  hmtx: 3,
  maxp: 4,
  name: 5,
  "OS/2": 6,
  post: 7,
  glyf: 10,
  loca: 11,
};

function packWoff2(flavor: number, tables: [string, Buffer][]): Buffer {
  const directory = Buffer.concat(
    tables.map(([tag, data]) => {
      const known = knownTags[tag];
      if (known === undefined) throw new Error(`No known WOFF2 tag: ${tag}`);
      // Outlines are written as they are, which is “version 3” of their transformation.
      const version = tag === "glyf" || tag === "loca" ? 3 : 0;
      return Buffer.concat([Buffer.from([known | (version << 6)]), base128(data.length)]);
    }),
  );
  const data = Buffer.concat(tables.map(([, bytes]) => bytes));
  const compressed = brotliCompressSync(data, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_FONT,
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
    },
  });
  const unpacked =
    12 + 16 * tables.length + tables.reduce((sum, [, bytes]) => sum + ((bytes.length + 3) & ~3), 0);
  const header = Buffer.alloc(48);
  const length = 48 + directory.length + compressed.length;
  const padding = Buffer.alloc(-length & 3);
  header.write("wOF2", 0, "latin1");
  header.writeUInt32BE(flavor, 4);
  header.writeUInt32BE(length + padding.length, 8);
  header.writeUInt16BE(tables.length, 12);
  header.writeUInt32BE(unpacked, 16);
  header.writeUInt32BE(compressed.length, 20);
  header.writeUInt16BE(1, 24);
  return Buffer.concat([header, directory, compressed, padding]);
}

/** A number in groups of seven bits, the highest first; all but the last carry the high bit. */
function base128(value: number): Buffer {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return Buffer.from(bytes);
}
