/** What is published: few files, no link that leads nowhere, and a place for its source that nobody has to guess. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../engine/layout";
import { PAGES } from "../documents/pages";

/** Of the provider and the command; the emulator is as large as it has to be. */
const MAX_FILES = 65;
const MAX_BYTES_OF_SCRIPTS = 325_000;
const MAX_BYTES_WITH_TYPES = 460_000;

interface Packed {
  readonly path: string;
  readonly size: number;
}

let packed: readonly Packed[] = [];
beforeAll(() => {
  const answer = execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const said = JSON.parse(answer) as readonly { files: readonly Packed[] }[];
  packed = said[0]?.files ?? [];
});

test("provider and command are few and small files", () => {
  const code = packed.filter((file) => /^dist\/(provider|cli)\//.test(file.path));
  const sum = (files: readonly Packed[]): number => files.reduce((bytes, { size }) => bytes + size, 0);
  expect(code.length).toBeLessThanOrEqual(MAX_FILES);
  expect(sum(code)).toBeLessThanOrEqual(MAX_BYTES_WITH_TYPES);
  expect(sum(code.filter((file) => file.path.endsWith(".js")))).toBeLessThanOrEqual(MAX_BYTES_OF_SCRIPTS);
});

test("everything that the packed pages link to is packed with them", () => {
  const names = new Set(packed.map((file) => file.path));
  const dead = PAGES.filter(({ file }) => names.has(file)).flatMap(({ file, links }) =>
    links
      .filter((link) => !/^(https?:|#)/.test(link))
      .map((link) => path.posix.join(path.posix.dirname(file), link.replace(/#.*/, "")))
      .filter((target) => !names.has(target) && ![...names].some((name) => name.startsWith(`${target}/`)))
      .map((target) => `${file} → ${target}`),
  );
  expect(dead).toEqual([]);
  expect([...names]).toEqual(
    expect.arrayContaining(["LICENSE", "CHANGELOG.md", "SECURITY.md", "README.zh-CN.md", "llms.txt"]),
  );
});

test("one class is the same, whichever entry it comes from: entries share their parts", () => {
  const shared = /require\("\.\/(shared-\w+\.js)"\)/;
  const of = (entry: string): string | undefined =>
    shared.exec(fs.readFileSync(path.join(ROOT, "dist", "provider", `${entry}.js`), "utf8"))?.[1];
  expect(of("index")).toBeDefined();
  expect(of("runtime")).toBe(of("index"));
});

test("what package.json says of the repository comes from one constant, and nothing is released without it", () => {
  const module = pathToFileURL(path.join(ROOT, "scripts", "repository.mjs")).href;
  const script = `import("${module}").then(({ REPOSITORY, repositoryFields }) => console.log(JSON.stringify({
    address: REPOSITORY, now: repositoryFields(REPOSITORY), then: repositoryFields("https://example.com/a/b") })))`;
  const { address, now, then } = JSON.parse(
    execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }),
  ) as Record<"address" | "now" | "then", unknown>;
  const { homepage, bugs, repository } = JSON.parse(
    fs.readFileSync(path.join(ROOT, "package.json"), "utf8"),
  ) as Record<string, unknown>;
  expect(JSON.parse(JSON.stringify({ homepage, bugs, repository }))).toEqual(now);
  expect(then).toEqual({
    homepage: "https://example.com/a/b#readme",
    bugs: { url: "https://example.com/a/b/issues" },
    repository: { type: "git", url: "git+https://example.com/a/b.git" },
  });
  const check = spawnSync(process.execPath, [path.join(ROOT, "scripts", "release-check.mjs")], {
    encoding: "utf8",
  });
  expect(check.status === 0).toBe(address !== "");
});
