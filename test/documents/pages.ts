/** The documents as the tests see them: headings, links and code blocks. */
import * as fs from "node:fs";
import * as path from "node:path";
import { ROOT } from "../engine/layout";

export interface Block {
  /** `<file>, line <n>`: where its text begins. */
  readonly where: string;
  readonly language: string;
  /** What stands behind the language: how the block is run, or why it is not. */
  readonly note: string;
  readonly text: string;
  /** The file that the reader is told to put it into, by a line of its name alone and a colon. */
  readonly file: string | undefined;
}

export interface Heading {
  readonly level: number;
  readonly anchor: string;
}

export interface Page {
  /** Relative to the root, with slashes. */
  readonly file: string;
  readonly text: string;
  readonly headings: readonly Heading[];
  readonly links: readonly string[];
  readonly blocks: readonly Block[];
}

/** Every document of the repository. */
export const PAGES: readonly Page[] = [...markdownIn("."), ...markdownBelow("docs")].sort().map(read);

/** The page of a file. */
export function page(file: string): Page {
  const found = PAGES.find((one) => one.file === file);
  if (found === undefined) {
    throw new Error(`there is no document ${file}`);
  }
  return found;
}

/** The Chinese file of an English page; undefined for what is written in English only. */
export function inChinese(file: string): string | undefined {
  if (file === "README.md") {
    return "README.zh-CN.md";
  }
  return file.startsWith("docs/en/") ? file.replace("docs/en/", "docs/zh/") : undefined;
}

/** The English page of a resource, by its token. */
export function referencePageOf(token: string): string {
  const name = token
    .replace("DingTalk", "Dingtalk")
    .replace(":", "")
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `docs/en/reference/${name}.md`;
}

/** Why a block is not run; undefined for one that is. */
export function excuseOf({ note }: Block): string | undefined {
  return /^not run: (.+)$/.exec(note)?.[1];
}

function markdownIn(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder)).filter((name) => name.endsWith(".md"));
}

function markdownBelow(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/")));
}

function read(file: string): Page {
  const text = fs.readFileSync(path.join(ROOT, file), "utf8");
  const headings: Heading[] = [];
  const links: string[] = [];
  const blocks: Block[] = [];
  const lines = text.split("\n");
  let name: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const fence = /^```(\S*) ?(.*)$/.exec(line);
    if (fence !== null) {
      const end = lines.indexOf("```", at + 1);
      const [, language = "", note = ""] = fence;
      blocks.push({
        where: `${file}, line ${at + 2}`,
        language,
        note,
        text: lines.slice(at + 1, end).join("\n"),
        file: name,
      });
      at = end;
      name = undefined;
      continue;
    }
    const heading = /^(#+) (.+)$/.exec(line);
    if (heading !== null) {
      const [, marks = "", title = ""] = heading;
      headings.push({ level: marks.length, anchor: anchorOf(title, headings) });
    }
    links.push(...linksIn(line));
    if (line !== "") {
      name = /^`([\w./-]+)`[:：]$/.exec(line)?.[1];
    }
  }
  return { file, text, headings, links, blocks };
}

function linksIn(line: string): string[] {
  // What stands between backticks is code, and no link; a link's own text may hold code.
  const prose = line.replace(/`[^`]*`/g, "code");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** As GitHub makes them. */
function anchorOf(title: string, before: readonly Heading[]): string {
  const plain = title
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
    .replaceAll(" ", "-");
  const namesakes = before.filter(({ anchor }) => anchor === plain || anchor.replace(/-\d+$/, "") === plain);
  return namesakes.length === 0 ? plain : `${plain}-${namesakes.length}`;
}
