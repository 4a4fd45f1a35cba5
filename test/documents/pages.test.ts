/** What a reader may take for granted in every document: links lead somewhere, and both languages say the same. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { clouds } from "../../provider/clouds";
import { BUSY_CODES, Code, TextCode } from "../../provider/zstack/transport/failures";
import { ROOT } from "../engine/layout";
import { excuseOf, inChinese, page, PAGES, referencePageOf, type Block } from "./pages";

const READMES = ["README.md", "README.zh-CN.md"];
const MAX_README_BYTES = 10_000;
/** Languages of blocks that show something and are not there to be run. */
const SHOWN: readonly string[] = ["text"];
const RUN: readonly string[] = ["ts", "js", "sh", "json", "yaml"];
const ENGLISH = PAGES.map(({ file }) => file).filter((file) => inChinese(file) !== undefined);

test.each(READMES)("%s is short enough to be read", (file) => {
  expect(Buffer.byteLength(page(file).text)).toBeLessThanOrEqual(MAX_README_BYTES);
});

test.each(PAGES.map(({ file }) => [file]))("the links of %s lead somewhere", (file) => {
  const dead = page(file).links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(file, link));
  expect(dead).toEqual([]);
});

test("there is a Chinese page for each English one, and no other", () => {
  const chinese = PAGES.map(({ file }) => file).filter(
    (file) => file.startsWith("docs/zh/") || file === "README.zh-CN.md",
  );
  expect(chinese.sort()).toEqual(ENGLISH.map((file) => inChinese(file)).sort());
});

describe.each(ENGLISH.map((file) => [file, String(inChinese(file))]))("%s and %s", (english, chinese) => {
  test("have the same outline", () => {
    const outline = (file: string): number[] => page(file).headings.map(({ level }) => level);
    expect(outline(chinese)).toEqual(outline(english));
  });

  test("show the same code, but for comments and for words of Chinese", () => {
    const there = page(chinese).blocks;
    const shapes = (blocks: readonly Block[]): string[] =>
      blocks.map(({ language, note, file }) =>
        [language, note.replace(/(not run:).*/, "$1"), file ?? ""].join(" ").trim(),
      );
    expect(shapes(there)).toEqual(shapes(page(english).blocks));
    for (const [index, block] of page(english).blocks.entries()) {
      const { text = "" } = there[index] ?? {};
      expect(commonPart(text, text)).toEqual(commonPart(block.text, text));
    }
  });
});

test("the other pages of the tree are listed in llms.txt, with their links alive", () => {
  const list = fs.readFileSync(path.join(ROOT, "llms.txt"), "utf8");
  const listed = [...list.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
  expect(listed.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
  const pages = PAGES.map(({ file }) => file).filter((file) => file.startsWith("docs/"));
  expect(pages.filter((file) => !listed.includes(file))).toEqual([]);
});

test.each(PAGES.flatMap(({ blocks }) => blocks).map((block) => [block.where, block]))(
  "the block at %s is run by a test, shows something, or says why it is not run",
  (_where, { language, note, ...block }) => {
    expect([...RUN, ...SHOWN]).toContain(language);
    if (SHOWN.includes(language)) {
      expect(note).toBe("");
    } else if (note !== "") {
      expect(note).toMatch(
        language === "sh" ? /^(background|exits \d+|not run: .{6,})$/ : /^not run: .{6,}$/,
      );
    }
    // Scripts are run in the documents for users; elsewhere they say why not.
    if (language === "sh" && excuseOf({ language, note, ...block }) === undefined) {
      expect(block.where).toMatch(/^(README|docs\/(en|zh)\/)/);
      // The real home folder, whatever HOME says: a test must not write there, and a reader finds the state again in the project.
      expect(block.text).not.toMatch(/pulumi login (--local|file:\/\/~)/);
    }
  },
);

test.each(blocksOf("json"))("the JSON at %s can be read", (_where, { text }) => {
  expect(JSON.parse(text)).toBeInstanceOf(Object);
});

test.each(blocksOf("yaml"))("the YAML at %s can be read", (_where, { text }) => {
  expect(parse(text)).toBeInstanceOf(Object);
});

test.each(["docs/en/reference/errors.md", "docs/zh/reference/errors.md"])(
  "%s names each code of ZStack that a message may have",
  (file) => {
    const codes = [...Object.values(Code), ...Object.values(TextCode), ...BUSY_CODES];
    expect(codes.filter((code) => !page(file).text.includes(`\`${code}\``))).toEqual([]);
  },
);

test("each resource has a page, in the same parts", () => {
  const tokens = clouds.flatMap(({ definitions }) => Object.values(definitions).map(({ token }) => token));
  const pages = [...tokens, "zstack:NotificationChannel"].map((token) => page(referencePageOf(token)));
  for (const { headings } of pages) {
    expect(headings.slice(1).map(({ anchor }) => anchor)).toEqual([
      "example",
      "arguments",
      "outputs",
      "adopt",
      "permissions",
      "what-drift-cannot-show",
    ]);
  }
});

test.each(PAGES.filter(({ file }) => file.includes("zh")).map(({ file, text }) => [file, text]))(
  "what is strong in %s is shown so: Markdown does not close it between a mark and a letter",
  (_file, text) => {
    const code = /```[^]*?```|`[^`\n]*`/g;
    const strong = text.replace(code, "code").match(/\*\*.+?\*\*.?/g) ?? [];
    expect(strong.filter((one) => /[\p{P}\p{S}]\*\*[\p{L}\p{N}]$/u.test(one))).toEqual([]);
  },
);

test("the Chinese pages have one word for a stack", () => {
  const others = PAGES.filter(({ file, text }) => file.startsWith("docs/zh/") && text.includes("堆栈"));
  expect(others.map(({ file }) => file)).toEqual([]);
});

function blocksOf(language: string): [string, Block][] {
  return PAGES.flatMap(({ blocks }) => blocks)
    .filter((block) => block.language === language && excuseOf(block) === undefined)
    .map((block) => [block.where, block]);
}

function leadsSomewhere(file: string, link: string): boolean {
  const [target = "", anchor] = link.split("#");
  const there = target === "" ? file : path.posix.join(path.posix.dirname(file), target);
  if (anchor === undefined || !there.endsWith(".md")) {
    return fs.existsSync(path.join(ROOT, there));
  }
  return fs.existsSync(path.join(ROOT, there)) && page(there).headings.some((one) => one.anchor === anchor);
}

/** A block without comments, and without the strings that are Chinese in `chinese`: those say the same in other words. */
function commonPart(text: string, chinese: string): string[] {
  const pieces = (of: string): string[] =>
    of
      .split("\n")
      .map((line) => line.replace(/(^|\s+)(#|\/\/) .*$/, ""))
      .join("\n")
      .split(/("[^"\n]*")/);
  const other = pieces(chinese);
  return pieces(text).map((piece, index) => (/\p{Script=Han}/u.test(other[index] ?? "") ? "…" : piece));
}
