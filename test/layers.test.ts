import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "..");
const CONFIG = path.join(ROOT, ".dependency-cruiser.cjs");

/** One small tree in which every layer rule is broken once, and one file that breaks none. */
const TREE: Record<string, string> = {
  "provider/core/transport/http.ts": `import "axios";`,
  "provider/core/transport/reading.ts": `import "../settings/table";`,
  "provider/core/settings/table.ts": `import "../transport/http";`,
  "provider/core/settings/judging.ts": `import "../fields/check";`,
  "provider/core/fields/check.ts": `export {};`,
  "provider/core/fields/acting.ts": `import "../lifecycle/definition";`,
  "provider/core/lifecycle/definition.ts": `import "../fields/check"; import "../transport/http";`,
  "provider/core/up.ts": `import "../zstack/transport/client";`,
  "provider/core/engine.ts": `import type {} from "@pulumi/pulumi";`,
  "provider/core/loop-a.ts": `import "./loop-b";`,
  "provider/core/loop-b.ts": `import "./loop-a";`,
  "provider/pulumi/wire.ts": `import "@pulumi/pulumi";`,
  "provider/pulumi/knowing.ts": `import "../zstack/transport/client";`,
  "provider/pulumi/program/class.ts": `import "@pulumi/pulumi"; import "../wire";`,
  "provider/pulumi/process/front.ts": `import "../wire"; import "../../core/transport/http";`,
  "provider/pulumi/process/registering.ts": `import "../program/class";`,
  "provider/zstack/resources/topic.ts": `import "../transport/client"; import "../../core/lifecycle/definition";`,
  "provider/zstack/resources/class.ts": `import "@pulumi/pulumi";`,
  "provider/zstack/transport/client.ts": `import "../../core/transport/http";`,
  "provider/zstack/transport/configured.ts": `import "../settings/settings";`,
  "provider/zstack/settings/settings.ts": `import "../../core/settings/table";`,
  "provider/zstack/session.ts": `import "axios";`,
  "provider/zstack/neighbour.ts": `import "../securitycenter/client";`,
  "provider/zstack/surface.ts": `import "../index";`,
  "provider/zstack/lost.ts": `import "./nowhere";`,
  "provider/securitycenter/client.ts": `import "../core/transport/http";`,
  "provider/program/acting.ts": `import "../pulumi/process/front";`,
  "provider/program/zstack.ts": `import "../pulumi/program/class"; import "../zstack/resources/topic";`,
  "provider/judged.ts": `import "../emulator/index";`,
  "provider/tested.ts": `import "jest";`,
  "provider/clouds.ts": `import "./zstack/resources/topic"; import "./pulumi/process/front";`,
  "provider/index.ts": `import "./program/zstack";`,
  "emulator/index.ts": `export {};`,
  "emulator/partial.ts": `import "../provider/zstack/transport/client";`,
  "emulator/frame/clock.ts": `import "../zstack/node";`,
  "emulator/zstack/node.ts": `import "../frame/site"; import "./kinds/topic"; import "./delivery/firing";`,
  "emulator/zstack/switches.ts": `export {};`,
  "emulator/zstack/rest/query.ts": `import "../switches";`,
  "emulator/zstack/rest/knowing.ts": `import "../kinds/topic";`,
  "emulator/zstack/rest/loop-a.ts": `import type {} from "./loop-b";`,
  "emulator/zstack/rest/loop-b.ts": `import type {} from "./loop-a";`,
  "emulator/zstack/kinds/topic.ts": `import "../rest/query";`,
  "emulator/zstack/kinds/telling.ts": `import "../delivery/firing";`,
  "emulator/zstack/kinds/asking.ts": `import "../node";`,
  "emulator/zstack/delivery/firing.ts": `import "../kinds/topic";`,
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
  "clouds-do-not-meet: provider/zstack/neighbour.ts",
  "core-fields-alone: provider/core/fields/acting.ts",
  "core-is-the-bottom: provider/core/up.ts",
  "core-settings-above-transport: provider/core/settings/judging.ts",
  "core-transport-alone: provider/core/transport/reading.ts",
  "definitions-know-no-front: provider/core/engine.ts",
  "definitions-know-no-front: provider/zstack/resources/class.ts",
  "emulated-services-do-not-meet: emulator/dingtalk/receiver.ts",
  "emulator-without-provider: emulator/partial.ts",
  "frame-is-the-bottom: emulator/frame/clock.ts",
  "kinds-deliver-nothing: emulator/zstack/kinds/telling.ts",
  "no-cycles-in-the-emulator: emulator/zstack/rest/loop-a.ts",
  "no-cycles: provider/core/loop-a.ts",
  "no-development-packages: provider/tested.ts",
  "nobody-imports-the-surface: provider/zstack/surface.ts",
  "not-resolvable: provider/zstack/lost.ts",
  "only-http-knows-axios: provider/zstack/session.ts",
  "only-the-provider-knows-pulumi: emulator/engine.ts",
  "programs-load-no-process: provider/program/acting.ts",
  "provider-without-emulator: provider/judged.ts",
  "pulumi-knows-no-cloud: provider/pulumi/knowing.ts",
  "rest-knows-no-kind: emulator/zstack/rest/knowing.ts",
  "rooms-below-the-node: emulator/zstack/kinds/asking.ts",
  "the-process-registers-nothing: provider/pulumi/process/registering.ts",
  "transport-without-settings: provider/zstack/transport/configured.ts",
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
