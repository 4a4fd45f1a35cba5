import * as fs from "node:fs";
import * as path from "node:path";
import { ENGINE_TEST_TIMEOUT_MS } from "./harness";
import { connectionOf, endpoint, idOf, OTHER_WEBHOOK, PASSWORD, viewOf as endpointOf } from "./support/lab";
import { keysOf, robot, RobotLab } from "./support/robot-lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

let lab: RobotLab;
beforeAll(async () => {
  lab = await RobotLab.create({ emulator: { zstack: { accountPassword: PASSWORD } } });
});
afterAll(() => lab.dispose());

/** Everything that the backend wrote: checkpoints, their backups, history. */
function storedText(): string {
  const files = fs.readdirSync(lab.project.stateFolder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => fs.readFileSync(path.join(file.parentPath, file.name), "utf8"))
    .join("\n");
}

test("both clouds in one program live, drift and die side by side, and no secret of either is shown or stored in clear", async () => {
  const env = { ...connectionOf(lab.emulator), ...keysOf(lab.emulator) };
  const program = [
    endpoint("duty", { name: "duty", secret: "SEC-canary-of-the-endpoint" }),
    robot("security", { name: "security" }),
    `exports.ids = { endpoint: duty.uuid, robot: security.robotId, webhook: security.webhookUrl };`,
  ];
  lab.declare(...program);
  const preview = await lab.project.preview(["--diff"], { env });
  const up = await lab.up(program, [], { env });
  const [uuid, id] = [idOf(up, "duty"), idOf(up, "security")];
  expect((await lab.project.outputs())["ids"]).toMatchObject({ endpoint: uuid, robot: id });
  expect((await lab.up(program, [], { env })).changes).toEqual({ same: 3 });
  expect(lab.changes).toEqual([]);

  lab.emulator.zstack.endpoints.edit(uuid, { url: OTHER_WEBHOOK });
  lab.site.robots.edit(id, { url: OTHER_WEBHOOK });
  const drift = await lab.project.refresh(["--preview-only", "--expect-no-changes", "--diff"], {
    env,
    expectExit: 7,
  });
  for (const name of ["duty", "security"]) {
    expect(drift.step(name)?.diffs).toEqual(["webhookUrl"]);
  }
  const repaired = await lab.up(program, ["--refresh", "--diff"], { env });
  expect(endpointOf(lab.emulator, uuid).webhookUrl).toBe(lab.view(id).webhookUrl);

  const shown = [preview, up, drift, repaired].map(({ text }) => text).join("\n");
  for (const text of [shown, storedText(), JSON.stringify(await lab.project.export())]) {
    expect(text).toContain("security");
    expect(text).not.toMatch(/canary/);
  }
  const destroyed = await lab.project.destroy([], { env });
  expect(destroyed.text).not.toMatch(/canary/);
  expect([lab.ids, lab.emulator.zstack.endpoints.list()]).toEqual([[], []]);
});
