import { ENGINE_TEST_TIMEOUT_MS, type EngineResult } from "./harness";
import { endpoint, idOf, Lab, phone, shownOf, uuid, type ServerView } from "./support/lab";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const TAG_A = uuid("a");
const FOREIGN_TAG = uuid("f");
const [ANN, BOB, CAT] = [phone(1), phone(2), phone(3)];
const UPDATE = "UpdateSNSDingTalkEndpoint";

/** What somebody else does to an endpoint, how it must show, and the calls that undo it: one of each form that a path can have. */
interface Drift {
  declared: object;
  happens(lab: Lab, id: string): void;
  /** Seen from the stack: `add` is something that the server has and the stack has not. */
  shown: Record<string, "add" | "update" | "delete">;
  repair: string[];
}

const edit =
  (change: Parameters<Lab["zstack"]["endpoints"]["edit"]>[1]): Drift["happens"] =>
  (lab, id) =>
    void lab.zstack.endpoints.edit(id, change);

const DRIFTS: Record<string, Drift> = {
  name: { declared: {}, happens: edit({ name: "drifted" }), shown: { name: "update" }, repair: [UPDATE] },
  secretChanged: {
    declared: { secret: "SEC-canary-one" },
    happens: edit({ secret: "SEC-canary-two" }),
    shown: { secret: "update" },
    repair: [UPDATE],
  },
  secretAdded: {
    declared: {},
    happens: edit({ secret: "SEC-canary-out-of-band" }),
    shown: { secret: "add" },
    repair: [UPDATE],
  },
  descriptionAdded: {
    declared: {},
    happens: edit({ description: "somebody's" }),
    shown: { description: "add" },
    repair: ["UpdateSNSApplicationEndpoint"],
  },
  remark: {
    declared: { atPersons: { [ANN]: "Ann", [BOB]: "Bob" } },
    happens: (lab, id) => void lab.zstack.persons.edit(personOf(lab, id, BOB), { remark: "Robert" }),
    shown: { [`atPersons["${BOB}"]`]: "update" },
    repair: ["UpdateAtPersonOfAtDingTalkEndpoint"],
  },
  personAdded: {
    declared: { atPersons: { [ANN]: "Ann" } },
    happens: (lab, id) => void lab.zstack.persons.add({ endpointUuid: id, phoneNumber: CAT, remark: "Cat" }),
    shown: { [`atPersons["${CAT}"]`]: "add" },
    repair: ["RemoveSNSDingTalkAtPerson"],
  },
  tags: {
    declared: { userTags: ["kept", "lost"], tagUuids: [TAG_A] },
    happens: (lab, id) => {
      for (const { uuid: tag, resourceUuid, tag: text } of lab.zstack.tags.list()) {
        if (resourceUuid === id && text !== "kept") {
          lab.zstack.tags.remove(tag);
        }
      }
    },
    shown: { "userTags[1]": "delete", tagUuids: "delete" },
    repair: ["AttachTagToResources", "CreateUserTag"],
  },
  foreignTags: {
    declared: { userTags: ["ours"] },
    happens: (lab, id) => {
      lab.zstack.tags.add({ resourceUuid: id, tag: "theirs" });
      lab.zstack.tags.add({ resourceUuid: id, tag: "theirs, too", tagPatternUuid: FOREIGN_TAG });
    },
    shown: {},
    repair: [],
  },
};

const PROGRAM = Object.entries(DRIFTS).map(([name, { declared }]) => endpoint(name, declared));
const EXPECT_CLEAN = ["--preview-only", "--expect-no-changes"];

function personOf(lab: Lab, endpointUuid: string, phoneNumber: string): string {
  const found = lab.zstack.persons
    .list()
    .find((one) => one.endpointUuid === endpointUuid && one.phoneNumber === phoneNumber);
  if (found === undefined) {
    throw new Error(`nobody has ${phoneNumber} there`);
  }
  return found.uuid;
}

describe("drift", () => {
  let lab: Lab;
  const ids = new Map<string, string>();
  const idFor = (name: string): string => ids.get(name) ?? "";
  const asDeclared = new Map<string, ServerView>();
  let seen: EngineResult;
  const repairs = new Map<string, string[]>();
  let repaired: EngineResult;

  beforeAll(async () => {
    lab = await Lab.create();
    for (const tag of [TAG_A, FOREIGN_TAG]) {
      lab.zstack.tagPatterns.add({ uuid: tag, name: tag.slice(0, 1) });
    }
    const up = await lab.up(PROGRAM);
    for (const name of Object.keys(DRIFTS)) {
      ids.set(name, idOf(up, name));
      asDeclared.set(name, lab.view(idFor(name)));
    }
  });
  afterAll(() => lab.dispose());

  test("a clean stack ends with 0, whatever moves by itself on the server", async () => {
    lab.zstack.switches.connectionStatus = "flips";
    lab.zstack.switches.personOrder = "shuffled";
    lab.zstack.switches.queryOrder = "shuffled";
    for (const id of lab.uuids) {
      lab.zstack.endpoints.edit(id, { lastOpMs: 0 });
    }
    const clean = await lab.project.refresh(EXPECT_CLEAN);
    expect(clean.changes).toEqual({ same: Object.keys(DRIFTS).length + 1 });
  });

  describe("of each form", () => {
    beforeAll(async () => {
      for (const [name, { happens }] of Object.entries(DRIFTS)) {
        happens(lab, idFor(name));
      }
      seen = await lab.project.refresh(EXPECT_CLEAN, { expectExit: 7 });
      const tagOwners = lab.tagOwners();
      repaired = await lab.up(PROGRAM, ["--refresh"]);
      for (const name of Object.keys(DRIFTS)) {
        repairs.set(name, lab.changesOf(idFor(name), tagOwners).sort());
      }
    });

    test.each(Object.entries(DRIFTS).map(([name, drift]) => ({ name, ...drift })))(
      "$name is seen under its exact path and repaired with the fewest calls",
      ({ name, shown, repair }) => {
        expect(shownOf(seen, name)).toEqual(shown);
        expect(repairs.get(name)).toEqual([...repair].sort());
        const kept = name === "foreignTags" ? { userTags: ["ours", "theirs"], tagUuids: [FOREIGN_TAG] } : {};
        expect(lab.view(idFor(name))).toEqual({ ...asDeclared.get(name), ...kept });
      },
    );

    test("the preview of a drifted stack changes nothing and shows no secret", () => {
      expect(seen.text).not.toMatch(/canary/);
      expect(repaired.text).not.toMatch(/canary/);
    });

    test("state holds no secret in clear, not even one that somebody else set", async () => {
      expect(JSON.stringify(await lab.project.export())).not.toMatch(/canary/);
    });
  });

  test("a deleted object is named by up, dropped by refresh and made again", async () => {
    const gone = idFor("name");
    lab.zstack.endpoints.remove(gone);
    const edited = PROGRAM.map((line, index) => (index === 0 ? endpoint("name", { atAll: true }) : line));
    const refused = await lab.up(edited, [], { expectExit: 1 });
    expect(refused.text).toMatch(new RegExp(`DingTalk endpoint ${gone} was deleted outside Pulumi`));
    expect(refused.text).toMatch(/Run `pulumi refresh`/);
    expect(lab.changes).toEqual([]);

    const missing = await lab.project.refresh(EXPECT_CLEAN, { expectExit: 7 });
    expect(missing.step("name")).toMatchObject({ old: { id: gone }, new: undefined });

    const again = await lab.up(edited, ["--refresh"]);
    expect(again.step("name")).toMatchObject({ op: "create" });
    expect(lab.changes).toEqual(["CreateSNSDingTalkEndpoint"]);
    expect(lab.view(idOf(again, "name"))).toMatchObject({ atAll: true });
  });

  test.each([
    ["the server is down", { ZSTACK_ENDPOINT: "http://127.0.0.1:1" }, /the connection was refused/],
    [
      "the password is wrong",
      { ZSTACK_ACCOUNT_PASSWORD: "canary-wrong-one" },
      /account name or password is wrong/,
    ],
    ["a web page answers", {}, /does not answer like a ZStack API/],
  ])(
    "when %s, a refresh fails: it looks neither clean nor like drift and loses nothing",
    async (what, env, said) => {
      if (what === "a web page answers") {
        lab.zstack.faults.add({
          operation: "QuerySNSDingTalkEndpoint",
          times: "always",
          fault: { kind: "status", status: 200, body: "<html><title>Log in</title></html>" },
        });
      }
      const before = await recorded();
      const failed = await lab.project.refresh([], { expectExit: "any", env });
      lab.zstack.faults.clear();
      expect([0, 7]).not.toContain(failed.exitCode);
      expect(failed.text).toMatch(said);
      expect(failed.text).not.toMatch(/canary/);
      expect(await recorded()).toEqual(before);
    },
  );

  const recorded = async (): Promise<object[]> => {
    const all = await lab.project.resources({ showSecrets: true });
    return all.map(({ urn, id, inputs, outputs, initErrors }) => ({ urn, id, inputs, outputs, initErrors }));
  };
});
