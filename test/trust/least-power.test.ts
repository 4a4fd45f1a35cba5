import * as fs from "node:fs";
import * as path from "node:path";
import { preProcessFile } from "typescript";
import { ROOT } from "../engine/layout";

const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), "utf8");

const provider = fs
  .readdirSync(path.join(ROOT, "provider"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `provider/${file.split(path.sep).join("/")}`);

/** What each file of the provider loads from outside of this repository. */
function loadedModules(): Record<string, string[]> {
  const users: Record<string, string[]> = {};
  for (const file of provider) {
    const { importedFiles } = preProcessFile(read(file), true, true);
    for (const name of new Set(importedFiles.map(({ fileName }) => fileName))) {
      if (!name.startsWith(".")) {
        (users[name] ??= []).push(file);
      }
    }
  }
  return users;
}

const modules = loadedModules();

test("the provider loads of Node what reads, decompresses, hashes and connects, and nothing that starts processes or runs text", () => {
  expect(
    Object.keys(modules)
      .filter((name) => name.startsWith("node:"))
      .sort(),
  ).toEqual([
    "node:crypto",
    "node:events",
    "node:fs",
    "node:http",
    "node:https",
    "node:module",
    "node:net",
    "node:os",
    "node:path",
    "node:stream",
    "node:timers/promises",
    "node:tls",
    "node:util",
    "node:zlib",
  ]);
});

test("two files of the provider touch the file system, and they only read", () => {
  expect(modules["node:fs"]?.sort()).toEqual([
    "provider/core/transport/connect.ts",
    "provider/securitycenter/credentials/vendor-chain.ts",
  ]);
  for (const file of modules["node:fs"] ?? []) {
    expect(read(file)).toContain('import { readFileSync } from "node:fs";');
  }
});

test("the provider holds no eval and no other way to run text as code", () => {
  const running = provider.filter((file) =>
    /\beval\b|\bnew Function\b|\bFunction\(|process\.binding|\bimport\(\s*[^"]/.test(read(file)),
  );
  expect(running).toEqual([]);
});

test("the provider loads modules by fixed names only", () => {
  const calls = provider.flatMap((file) =>
    [...read(file).matchAll(/\brequire(?:LikePulumi|\.resolve)?\(([^)]*)\)/g)].map(([, what]) => what),
  );
  expect([...new Set(calls)].sort()).toEqual([
    '"@alicloud/credentials"',
    '"@grpc/grpc-js"',
    '"@pulumi/pulumi"',
    '"pulumi-dingtalk/package.json"',
    '"pulumi-dingtalk/runtime"',
  ]);
});

test("the vendor's credential library is loaded by one file, and only when it is asked", () => {
  expect(modules["@alicloud/credentials"]).toEqual(["provider/securitycenter/credentials/vendor-chain.ts"]);
  expect(read("provider/securitycenter/credentials/vendor-chain.ts")).toMatch(
    /import type \* as alicloud from "@alicloud\/credentials"/,
  );
});

describe("production dependencies", () => {
  const { dependencies, peerDependencies } = JSON.parse(read("package.json")) as Record<
    "dependencies" | "peerDependencies",
    Record<string, string>
  >;

  test("are those that SECURITY.md lists, each with a reason", () => {
    const [, table = ""] = read("SECURITY.md").split("## Production dependencies");
    const rows = [...table.matchAll(/^\| `([^`]+)`\s*\| (\S.*?)\s*\|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(Object.keys(dependencies).sort());
    for (const [, , reason = ""] of rows) {
      expect(reason.length).toBeGreaterThan(10);
    }
  });

  test("are all that the provider loads besides Pulumi and Node", () => {
    const packages = Object.keys(modules)
      .filter((name) => !name.startsWith("node:"))
      .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
    const known = [...Object.keys(dependencies), ...Object.keys(peerDependencies), "pulumi-dingtalk"];
    expect([...new Set(packages)].filter((name) => !known.includes(name))).toEqual([]);
    expect(Object.keys(peerDependencies)).toEqual(["@pulumi/pulumi"]);
  });

  test("install nothing by a script of their own", () => {
    const lock = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { dev?: boolean; hasInstallScript?: boolean; peer?: boolean }>;
    };
    const scripted = Object.entries(lock.packages)
      .filter(([name, { dev, hasInstallScript }]) => name !== "" && dev !== true && hasInstallScript === true)
      .map(([name]) => name);
    // Of the peer, which the project brings: gRPC's message classes.
    expect(scripted.filter((name) => !name.endsWith("protobufjs"))).toEqual([]);
  });
});
