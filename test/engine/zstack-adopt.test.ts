import type { Endpoint } from "../../emulator";
import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { endpoint, errorOf, idOf, Lab, phone, uuid, WEBHOOK } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

/** What `adopt` takes is judged in the tests of the lifecycles; here it is what stack, output and a later destroy make of it. */

const ABSENT = uuid("c");

let lab: Lab;
const ids: Record<string, string> = {};
let up: EngineResult;
let program: string[];

/** An endpoint that is there before the program runs. */
const existing = (name: string, more: Partial<Endpoint> = {}): string =>
  lab.zstack.endpoints.add({ name, url: WEBHOOK, ...more }).uuid;

beforeAll(async () => {
  lab = await Lab.create();
  ids["never"] = existing("Never");
  ids["identical"] = existing("Identical", { description: "same" });
  lab.zstack.persons.add({ endpointUuid: ids["identical"], phoneNumber: phone(1), remark: "Ann" });
  ids["overwritten"] = existing("Overwritten", { description: "old", secret: "SEC-another-canary" });
  ids["byId"] = existing("ById", { secret: "SEC-canary" });
  program = [
    endpoint("never", { name: "Never" }),
    endpoint("identical", {
      name: "Identical",
      description: "same",
      atPersons: { [phone(1)]: "Ann" },
      adopt: "identical",
    }),
    endpoint("overwritten", {
      name: "Overwritten",
      description: "new",
      adopt: { byName: true, overwrite: true },
    }),
    endpoint("byId", { name: "ById", secret: "SEC-canary", adopt: { id: ids["byId"] } }),
  ];
  up = await lab.up(
    [
      ...program,
      endpoint("absent", { adopt: { id: ABSENT } }),
      endpoint("second", { name: "ById", adopt: { id: ids["byId"] } }, "{ dependsOn: byId }"),
    ],
    ["--continue-on-error"],
    { expectExit: 1 },
  );
});
afterAll(() => lab.dispose());

test("what is as declared is taken over without a call, what is to be overwritten with one, and nothing else", () => {
  expect(["identical", "overwritten", "byId"].map((name) => idOf(up, name))).toEqual([
    ids["identical"],
    ids["overwritten"],
    ids["byId"],
  ]);
  expect(lab.changes.sort()).toEqual(["CreateSNSDingTalkEndpoint", "UpdateSNSDingTalkEndpoint"]);
  expect(idOf(up, "never")).not.toBe(ids["never"]);
  expect(lab.view(ids["overwritten"] ?? "")).toMatchObject({ description: "new", secret: undefined });
});

test("what cannot be taken over fails at its resource and stays out of the stack", async () => {
  expect(errorOf(up, "absent")).toContain(`there is no DingTalk endpoint ${ABSENT}`);
  expect(errorOf(up, "second")).toContain(`${ids["byId"]} already belongs to another resource`);
  expect((await lab.project.resources()).map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual(
    ["never", "identical", "overwritten", "byId"].sort(),
  );
});

test("what is taken over, and what is overwritten, is said in warnings, and no secret with it", () => {
  const warned = up.diagnostics
    .filter(({ severity }) => severity === "warning")
    .map(({ message }) => message)
    .join("\n");
  for (const name of ["identical", "overwritten", "byId"]) {
    expect(warned).toMatch(
      new RegExp(
        `Takes over the existing DingTalk endpoint ${ids[name]}[.,][^\\n]* Destroying this resource will delete it\\.`,
      ),
    );
  }
  const said = `Overwrites the DingTalk endpoint ${ids["overwritten"]}.`;
  expect(warned).toContain(`${said} description: "old" on the server, "new" declared.`);
  expect(warned).toContain(`${said} secret: differs.`);
  expect(warned).toContain("adopt: says overwrite: whatever differs on the existing object");
  expect(up.text).not.toContain("canary");
});

test("a later change of adopt is no change, and adopted endpoints are deleted like any others", async () => {
  const without = program.map((line) => line.replace(/,"adopt":("\w+"|\{[^}]*\})/, ""));
  expect(without.join()).not.toMatch(/adopt/);
  expect((await lab.up(without)).changes).toEqual({ same: 5 });
  expect(lab.changes).toEqual([]);
  await lab.project.destroy();
  expect(lab.uuids).toEqual([ids["never"]]);
});
