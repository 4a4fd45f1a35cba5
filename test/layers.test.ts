import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "..");
const CONFIG = path.join(ROOT, ".dependency-cruiser.cjs");

/** One small tree in which every layer rule is broken once, and one file that breaks none. */
const TREE: Record<string, string> = {
  "provider/core/transport/http.ts": `import "axios";`,
  "provider/core/up.ts": `import "../zstack/client";`,
  "provider/core/engine.ts": `import type {} from "@pulumi/pulumi";`,
  "provider/core/loop-a.ts": `import "./loop-b";`,
  "provider/core/loop-b.ts": `import "./loop-a";`,
  "provider/pulumi/base.ts": `import "@pulumi/pulumi"; import "../core/http";`,
  "provider/pulumi/knowing.ts": `import "../zstack/client";`,
  "provider/zstack/resources/dingtalk-endpoint.ts": `import "@pulumi/pulumi"; import "../../pulumi/base"; import "../client";`,
  "provider/zstack/transport/client.ts": `import "../core/http";`,
  "provider/zstack/api.ts": `import "@pulumi/pulumi";`,
  "provider/zstack/transport/session.ts": `import "axios";`,
  "provider/zstack/neighbour.ts": `import "../securitycenter/client";`,
  "provider/zstack/surface.ts": `import "../index";`,
  "provider/zstack/lost.ts": `import "./nowhere";`,
  "provider/securitycenter/transport/client.ts": `import "../core/http";`,
  "provider/judged.ts": `import "../emulator/index";`,
  "provider/tested.ts": `import "jest";`,
  "provider/index.ts": `import "./zstack/resources/dingtalk-endpoint"; import "./pulumi/base"; import "./core/http";`,
  "emulator/index.ts": `export {};`,
  "emulator/partial.ts": `import "../provider/zstack/transport/client";`,
  "emulator/frame/clock.ts": `import "../zstack/node";`,
  "emulator/zstack/node.ts": `import "../frame/site";`,
  "emulator/frame/site.ts": `export {};`,
  "emulator/dingtalk/receiver.ts": `import "../zstack/node"; import "../frame/site";`,
  "emulator/engine.ts": `import "@pulumi/pulumi";`,
  "cli/index.ts": `import "../emulator/index";`,
  "tsconfig.json": `{ "compilerOptions": { "module": "node16", "moduleResolution": "node16" } }`,
  "package.json": JSON.stringify({
    dependencies: { axios: "1" },
    peerDependencies: { "@pulumi/pulumi": "3" },
    devDependencies: { jest: "30" },
  }),
};
for (const name of ["axios", "@pulumi/pulumi", "jest"]) {
  TREE[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: "1.0.0", main: "index.js" });
  TREE[`node_modules/${name}/index.js`] = "";
}

const EXPECTED = [
  "clouds-do-not-import-the-surface: provider/zstack/surface.ts",
  "clouds-do-not-meet: provider/zstack/neighbour.ts",
  "core-is-the-bottom: provider/core/engine.ts",
  "core-is-the-bottom: provider/core/up.ts",
  "emulated-services-do-not-meet: emulator/dingtalk/receiver.ts",
  "emulator-without-provider: emulator/partial.ts",
  "frame-is-the-bottom: emulator/frame/clock.ts",
  "no-cycles: provider/core/loop-a.ts",
  "no-development-packages: provider/tested.ts",
  "not-resolvable: provider/zstack/lost.ts",
  "only-http-knows-axios: provider/zstack/transport/session.ts",
  "only-the-provider-knows-pulumi: emulator/engine.ts",
  "provider-without-emulator: provider/judged.ts",
  "pulumi-knows-no-cloud: provider/pulumi/knowing.ts",
  "wire-code-without-pulumi: provider/zstack/api.ts",
];

interface Report {
  summary: { violations: { from: string; rule: { name: string } }[] };
}

test("the check of import layers reports every forbidden import, and no allowed one", () => {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "layers-"));
  try {
    for (const [name, text] of Object.entries(TREE)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    }
    const command = path.join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
    const args = [command, "--config", CONFIG, "--output-type", "json", "provider", "emulator", "cli"];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    expect(stderr).toBe("");
    const { summary } = JSON.parse(stdout) as Report;
    expect(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`).sort()).toEqual(EXPECTED);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test("every rule of the check is broken by the small tree", () => {
  const { forbidden } = require(CONFIG) as { forbidden: { name: string }[] };
  const broken = new Set(EXPECTED.map((line) => line.split(":")[0]));
  expect(forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
});
