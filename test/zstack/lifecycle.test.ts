import {
  start,
  ZSTACK_SWITCHES,
  type Emulator,
  type TransportFault,
  type ZStackFault,
  type ZStackSwitches,
} from "../../emulator";
import { diff } from "../../provider/core/fields/diff";
import { Unshown } from "../../provider/core/lifecycle/unshown";
import type { DingTalkEndpointInputs, DingTalkEndpointState } from "../../provider/program/zstack-resources";
import { uuidFromKey } from "../../provider/zstack/fields/uuids";
import {
  benchFor,
  definition,
  failureOf,
  inputsOf,
  lifecycleOf,
  tagsOn,
  WEBHOOK,
  type Bench,
} from "../support/zstack";

const OWN = uuidFromKey("0".repeat(64), 0);
const SECOND = uuidFromKey("0".repeat(64), 1);
const STRANGER = uuidFromKey("stranger", 0);
const PATTERN = uuidFromKey("pattern", 0);
const PHONE = "+86-13800000000";
const OTHER_PHONE = "+86-13900000000";

const FULL = inputsOf({
  secret: "SECabc",
  description: "text",
  atAll: true,
  atPersons: { [PHONE]: "boss", [OTHER_PHONE]: "" },
  userTags: ["a", "b"],
  tagUuids: [PATTERN],
});

// Nothing here waits; a busy machine may still be slow.
jest.setTimeout(30_000);

let emulator: Emulator;
let bench: Bench;

beforeAll(async () => {
  emulator = await start({ seed: 4, zstack: { locale: "en_US", pollsBeforeDone: 0 } });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.zstack.tagPatterns.add({ uuid: PATTERN, name: "t" });
  bench = benchFor(emulator, { jobTimeoutMs: 60_000 });
});
afterEach(async () => {
  await bench.connection.close();
  emulator.reset();
});

/** A new run of the provider's process: what the last one remembered is gone. */
async function nextRun(): Promise<void> {
  await bench.connection.close();
  bench = benchFor(emulator);
  emulator.journal.clear();
}

const { create, read, update, remove } = lifecycleOf(definition, () => bench);
const changed = (state: object, inputs: object, id = OWN) =>
  diff(definition.fields, state as Record<string, unknown>, inputs as Record<string, unknown>, id).changed;
const changes = () => emulator.journal.changing().map(({ operation }) => operation);
const endpoints = () => emulator.zstack.endpoints.list().filter(({ type }) => type === "DingTalk");

/** What the server holds of one endpoint, in the words of the resource. */
function held(uuid = OWN) {
  const row = emulator.zstack.endpoints.get(uuid);
  const persons = emulator.zstack.persons.list().filter((person) => person.endpointUuid === uuid);
  return {
    name: row?.name,
    webhookUrl: row?.url,
    secret: row?.secret,
    description: row?.description,
    atAll: row?.atAll,
    atPersons: Object.fromEntries(persons.map(({ phoneNumber, remark }) => [phoneNumber, remark ?? ""])),
    enabled: row?.state === "Enabled",
    ...tagsOn(emulator, uuid),
  };
}

const HELD_FULL = {
  name: "ops",
  webhookUrl: WEBHOOK,
  secret: "SECabc",
  description: "text",
  atAll: true,
  atPersons: { [PHONE]: "boss", [OTHER_PHONE]: "" },
  enabled: true,
  userTags: ["a", "b"],
  tagUuids: [PATTERN],
};

describe("create", () => {
  test("makes one endpoint, with everything, under the uuid of its key", async () => {
    const { id, state } = await create(FULL);
    expect(id).toBe(OWN);
    expect(held()).toEqual(HELD_FULL);
    expect(changes()).toEqual([
      "CreateSNSDingTalkEndpoint",
      "CreateUserTag",
      "CreateUserTag",
      "AttachTagToResources",
    ]);
    expect(state).toEqual({ ...FULL, uuid: OWN, createdAt: expect.any(String), resourceUuid: undefined });
    expect(changed(state, FULL)).toEqual([]);
    expect(bench.warnings).toEqual([]);
  });

  test("makes a disabled one in two calls", async () => {
    const { state } = await create(inputsOf({ enabled: false }));
    expect([state.enabled, held().enabled]).toEqual([false, false]);
    expect(changes()).toEqual(["CreateSNSDingTalkEndpoint", "ChangeSNSApplicationEndpointState"]);
  });

  test("claims the uuid for the resource that is made, so that nobody else's delete leaves it alone", async () => {
    const { id } = await create(FULL);
    expect(bench.ids.isHeldByAnother(id, "0".repeat(64))).toBe(false);
    expect(bench.ids.isHeldByAnother(id, "f".repeat(64))).toBe(true);
  });

  test("uses the uuid that the program gave", async () => {
    const inputs = inputsOf({ resourceUuid: STRANGER });
    const { id, state } = await create(inputs);
    expect([id, state.resourceUuid]).toEqual([STRANGER, STRANGER]);
    expect(changed(state, inputs, id)).toEqual([]);
  });

  test("makes a second one after a replacement: the uuid of the deleted one is not touched", async () => {
    const { id, state } = await create(FULL);
    bench.ids.release(id, "0".repeat(64));
    await remove(id, state);
    expect((await create(FULL)).id).toBe(SECOND);
    expect(endpoints()).toHaveLength(1);
  });

  test("finds a uuid even when none of the derived ones can be used again", async () => {
    emulator.zstack.switches.uuidReuse = false;
    const used = new Set<string>();
    for (let life = 0; life < 6; life++) {
      const { id, state } = await create(inputsOf());
      used.add(id);
      await remove(id, state);
      await nextRun();
    }
    expect(used.size).toBe(6);
    expect(endpoints()).toEqual([]);
  });
});

describe("a create that was cut off", () => {
  const CONTINUES = `Continues with the DingTalk endpoint ${OWN}, which an earlier run of this resource left behind.`;

  test("is continued with by the next run, whatever was changed in between", async () => {
    emulator.zstack.endpoints.add({ uuid: OWN, name: "old name", url: WEBHOOK, description: "x" });
    const { id } = await create(FULL);
    expect(id).toBe(OWN);
    expect(held()).toEqual(HELD_FULL);
    expect(changes()).not.toContain("CreateSNSDingTalkEndpoint");
    expect(bench.warnings).toEqual([CONTINUES]);
  });

  test("is found under a later uuid as well", async () => {
    emulator.zstack.endpoints.add({ uuid: SECOND, name: "ops", url: WEBHOOK });
    expect((await create(inputsOf())).id).toBe(SECOND);
    expect(endpoints()).toHaveLength(1);
  });

  test("is not taken for our own when neither name nor webhook agree", async () => {
    emulator.zstack.endpoints.add({ uuid: OWN, name: "theirs", url: `${WEBHOOK}2` });
    expect((await failureOf(create(inputsOf()))).message).toBe(
      `ZStack already has a DingTalk endpoint ${OWN}, with another name and webhook than declared.\n` +
        `Two stacks of the same organization, project and names share derived uuids. If it is meant, declare it as it is and take it over with \`adopt: { id: "${OWN}" }\`, or have it changed with \`adopt: { id: "${OWN}", overwrite: true }\`; else rename the resource or give a resourceUuid.`,
    );
    expect(changes()).toEqual([]);
  });

  test("under a uuid that the program gave must agree in both", async () => {
    emulator.zstack.endpoints.add({ uuid: STRANGER, name: "theirs", url: WEBHOOK });
    expect((await failureOf(create(inputsOf({ resourceUuid: STRANGER })))).message).toBe(
      `ZStack already has a DingTalk endpoint ${STRANGER}, with another name than declared.\n` +
        `Declare it as it is and take it over with \`adopt: { id: "${STRANGER}" }\`, have it changed with \`adopt: { id: "${STRANGER}", overwrite: true }\`, or give another resourceUuid.`,
    );
    emulator.zstack.endpoints.edit(STRANGER, { name: "ops" });
    expect((await create(inputsOf({ resourceUuid: STRANGER }))).id).toBe(STRANGER);
  });

  test("a uuid that another kind of object has is passed over", async () => {
    emulator.zstack.endpoints.add({ uuid: OWN, type: "WeCom", name: "ops", url: WEBHOOK });
    expect((await create(inputsOf())).id).toBe(SECOND);
  });
});

describe("adopt", () => {
  const TAKES = `Takes over the existing DingTalk endpoint ${STRANGER}. Destroying this resource will delete it.`;
  const add = (more: object = {}) =>
    emulator.zstack.endpoints.add({ uuid: STRANGER, name: "ops", url: WEBHOOK, ...more });
  const BY_ID = { id: STRANGER };
  const OVERWRITING = [
    ["byName", { byName: true, overwrite: true }],
    ["{ id }", { id: STRANGER, overwrite: true }],
  ] as const;

  test("identical takes what is as declared, without a change", async () => {
    add();
    expect((await create(inputsOf({ adopt: "identical" }))).id).toBe(STRANGER);
    expect(changes()).toEqual([]);
    expect(bench.warnings).toEqual([
      `Takes over the existing DingTalk endpoint ${STRANGER}, which already is as declared: an earlier run that was cut off made it, or somebody else did. Destroying this resource will delete it.`,
    ]);
  });

  test.each<[string, object]>([
    ["webhook", { url: `${WEBHOOK}2` }],
    ["secret", { secret: "SECother" }],
    ["description", { description: "other" }],
    ["atAll", { atAll: true }],
    ["kind", { type: "WeCom" }],
  ])("identical does not take one with another %s", async (_what, more) => {
    add(more);
    expect((await create(inputsOf({ adopt: "identical" }))).id).toBe(OWN);
    expect(emulator.zstack.endpoints.size).toBe(2);
  });

  test("identical does not take one with a masked secret where none is declared", async () => {
    emulator.zstack.switches.secretOnRead = "masked";
    add({ secret: "SECother" });
    expect((await create(inputsOf({ adopt: "identical" }))).id).toBe(OWN);
  });

  test("identical does not compare the state, which the create call cannot set, but sets it", async () => {
    add({ state: "Disabled" });
    expect((await create(inputsOf({ adopt: "identical" }))).id).toBe(STRANGER);
    expect(held(STRANGER).enabled).toBe(true);
  });

  /** Puts one there that has everything as declared, by the server's own means. */
  const addFull = (): void => {
    add({ description: "text", atAll: true, secret: "SECabc" });
    emulator.zstack.persons.add({ endpointUuid: STRANGER, phoneNumber: PHONE, remark: "boss" });
    emulator.zstack.persons.add({ endpointUuid: STRANGER, phoneNumber: OTHER_PHONE });
    for (const tag of ["a", "b", "of others"]) {
      emulator.zstack.tags.add({ resourceUuid: STRANGER, tag });
    }
    emulator.zstack.tags.add({ resourceUuid: STRANGER, tag: "t", tagPatternUuid: PATTERN });
  };

  test.each<[string, DingTalkEndpointInputs["adopt"], Partial<ZStackSwitches>]>([
    ["byName takes", "byName", {}],
    ["{ id } takes", BY_ID, {}],
    ["byName takes, where its secret is masked,", "byName", { secretOnRead: "masked" }],
    ["{ id } takes, where its secret is encrypted,", BY_ID, { secretOnRead: "encrypted" }],
  ])("%s what has everything as declared, and changes nothing", async (_what, adopt, switches) => {
    Object.assign(emulator.zstack.switches, switches);
    addFull();
    const { id, state } = await create({ ...FULL, adopt });
    expect(id).toBe(STRANGER);
    expect(changes()).toEqual([]);
    expect(changed(state, FULL, id)).toEqual([]);
    const hidden = `The DingTalk endpoint ${STRANGER} does not show its secret in full, so it could not be compared: it may have another one than is declared. To write the declared one, say \`overwrite: true\` in adopt.`;
    expect(bench.warnings).toEqual(Object.keys(switches).length === 0 ? [TAKES] : [TAKES, hidden]);
  });

  test.each<[string, () => void, string]>([
    [
      "secret, which is none,",
      () => emulator.zstack.endpoints.edit(STRANGER, { secret: "" }),
      "secret: differs: it is not set on the server, or not shown",
    ],
    [
      "state",
      () => emulator.zstack.endpoints.edit(STRANGER, { state: "Disabled" }),
      "enabled: false on the server, true declared",
    ],
    [
      "person too many, whose number is not told,",
      () => emulator.zstack.persons.add({ endpointUuid: STRANGER, phoneNumber: "+86-13712345678" }),
      "atPersons: differs",
    ],
  ])("byName and { id } refuse one with another %s, and write nothing", async (_what, drift, line) => {
    addFull();
    drift();
    for (const adopt of ["byName", BY_ID] as const) {
      const { message } = await failureOf(create({ ...FULL, adopt }));
      expect(message.split("\n")).toEqual([
        `adopt: the DingTalk endpoint ${STRANGER} is not as declared, so it is not taken over. Nothing was changed.`,
        line,
        `Correct the program so that it declares what is there. Or have it overwritten, which loses what is there: \`adopt: { id: "${STRANGER}", overwrite: true }\`${adopt === "byName" ? " or `adopt: { byName: true, overwrite: true }`" : ""}.`,
      ]);
    }
    expect(changes()).toEqual([]);
    // It is left free for the next try.
    expect((await create({ ...FULL, adopt: { ...BY_ID, overwrite: true } })).id).toBe(STRANGER);
  });

  test.each(["plain", "masked", "encrypted", "hidden"] as const)(
    "byName with overwrite gives the endpoint our secret, also where it comes back %s",
    async (secretOnRead) => {
      emulator.zstack.switches.secretOnRead = secretOnRead;
      add({ secret: "SECtheirs" });
      await create(inputsOf({ adopt: { byName: true, overwrite: true }, secret: "SECours" }), {
        unshown: new Unshown(),
      });
      expect(held(STRANGER).secret).toBe("SECours");
      expect(bench.warnings.join("\n")).toMatch(/^Overwrites .* secret: (differs|is not shown in full)/m);
    },
  );

  test.each(["plain", "masked", "encrypted"] as const)(
    "byName with overwrite takes a secret away that is not declared, also where it comes back %s",
    async (secretOnRead) => {
      emulator.zstack.switches.secretOnRead = secretOnRead;
      add({ secret: "SECtheirs" });
      await create(inputsOf({ adopt: { byName: true, overwrite: true } }));
      expect(held(STRANGER).secret).toBe("");
    },
  );

  test.each(OVERWRITING)(
    "%s with overwrite changes the difference, after saying it",
    async (_what, adopt) => {
      add({ url: `${WEBHOOK}2`, description: "other", state: "Disabled" });
      const said = `Overwrites the DingTalk endpoint ${STRANGER}.`;
      let saidBefore: string[] = [];
      emulator.zstack.faults.add({
        operation: "UpdateSNSDingTalkEndpoint",
        before: () => void (saidBefore = [...bench.warnings]),
      });
      expect((await create({ ...FULL, adopt })).id).toBe(STRANGER);
      expect(held(STRANGER)).toEqual(HELD_FULL);
      expect(changes()).not.toContain("CreateSNSDingTalkEndpoint");
      expect(saidBefore).toEqual([
        TAKES,
        `${said} webhookUrl: differs.`,
        `${said} secret: differs: it is not set on the server, or not shown.`,
        `${said} description: "other" on the server, "text" declared.`,
        `${said} atAll: false on the server, true declared.`,
        `${said} atPersons: differs: it is not set on the server, or not shown.`,
        `${said} enabled: false on the server, true declared.`,
        `${said} userTags: nothing on the server, [ "a", "b" ] declared.`,
        `${said} tagUuids: nothing on the server, [ "${PATTERN}" ] declared.`,
      ]);
    },
  );

  test("overwrite that was cut off goes on in the next run", async () => {
    add({ url: `${WEBHOOK}2`, description: "other" });
    const inputs = { ...FULL, adopt: OVERWRITING[1][1] };
    emulator.zstack.switches.deniedOperations = ["AddSNSDingTalkAtPerson"];
    await failureOf(create(inputs));
    emulator.zstack.switches.deniedOperations = [];
    await nextRun();
    expect((await create(inputs)).id).toBe(STRANGER);
    expect(held(STRANGER)).toEqual(HELD_FULL);
    expect(endpoints()).toHaveLength(1);
  });

  test.each<[string, Partial<DingTalkEndpointInputs>, string]>([
    ["another uuid", { resourceUuid: OWN }, "resourceUuid"],
    ["a webhook that only a create takes", { webhookUrl: WEBHOOK.padEnd(300, "x") }, "webhookUrl"],
  ])("overwrite cannot give an endpoint %s, and says so before it writes", async (_what, given, property) => {
    add({ description: "other" });
    const { message } = await failureOf(create(inputsOf({ ...given, adopt: OVERWRITING[0][1] })));
    expect(message).toContain(
      `\nAn existing DingTalk endpoint cannot be given another ${property}: correct the program, or leave \`adopt\` out to create a new one.`,
    );
    expect(changes()).toEqual([]);
  });

  test("byName does not take one whose name differs in case", async () => {
    add({ name: "OPS" });
    expect((await create(inputsOf({ adopt: "byName" }))).id).toBe(OWN);
  });

  test("{ id } takes that one, in any spelling of its uuid", async () => {
    add();
    const id = STRANGER.toUpperCase().replace(/^(.{8})/, "$1-");
    expect((await create(inputsOf({ adopt: { id } }))).id).toBe(STRANGER);
    expect(bench.warnings).toEqual([TAKES]);
  });

  test.each([
    ["a derived uuid", OWN, {}],
    ["the uuid that the program gives", STRANGER, { resourceUuid: STRANGER }],
  ])("{ id } is the way out where somebody else's endpoint has %s", async (_what, uuid, given) => {
    emulator.zstack.endpoints.add({ uuid, name: "theirs", url: `${WEBHOOK}2` });
    expect((await failureOf(create(inputsOf(given)))).message).toContain(`adopt: { id: "${uuid}"`);
    await create(inputsOf({ ...given, adopt: { id: uuid, overwrite: true } }));
    expect(held(uuid)).toMatchObject({ name: "ops", webhookUrl: WEBHOOK });
    expect(endpoints()).toHaveLength(1);
  });

  test("{ id } of one of another kind is an error", async () => {
    add({ type: "WeCom" });
    expect((await failureOf(create(inputsOf({ adopt: BY_ID })))).message).toBe(
      `adopt: ${STRANGER} is an endpoint of type WeCom, not a DingTalk endpoint.\nGive the id of a DingTalk endpoint. An endpoint of another type is not managed here; a TopicSubscription can name it.`,
    );
    expect(changes()).toEqual([]);
  });

  test("{ id } is over once its endpoint was replaced: the next one is made anew", async () => {
    bench.ids.release(STRANGER, "0".repeat(64));
    expect((await create(inputsOf({ adopt: { id: STRANGER } }))).id).toBe(OWN);
  });

  test("one endpoint is taken by one of two creates at once", async () => {
    add();
    const identity = { key: "f".repeat(64), name: "twin" };
    const results = await Promise.allSettled([
      create(inputsOf({ adopt: "byName" })),
      create(inputsOf({ adopt: "byName" }), { identity }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(endpoints()).toHaveLength(1);
  });
});

describe("a secret that the server never shows", () => {
  const DOES_NOT_SHOW = `ZStack took the secret of the DingTalk endpoint ${OWN}, and does not show it. What was written counts as what it has, so a change by somebody else goes unseen. Send a test message from the console to see that it is right.`;
  beforeEach(() => {
    emulator.zstack.switches.secretOnRead = "hidden";
  });

  test("is learnt from the first write, kept, and said once", async () => {
    const unshown = new Unshown();
    const { id, state } = await create(FULL, { unshown });
    expect(changed(state, FULL)).toEqual([]);
    expect(unshown.recorded).toEqual(["secret"]);
    expect(bench.warnings).toEqual([DOES_NOT_SHOW]);

    await nextRun();
    const later = { unshown: new Unshown(unshown.recorded) };
    const same = await read(id, state, later);
    expect(changed(same ?? {}, FULL)).toEqual([]);
    expect(changed(await update(id, same ?? state, { ...FULL, name: "new" }, later), FULL)).toEqual(["name"]);
    const next = { ...FULL, secret: "SECnext" };
    expect(changed(await update(id, state, next, later), next)).toEqual([]);
    expect(held().secret).toBe("SECnext");
    const without = { ...FULL, secret: undefined };
    expect(
      changed(await update(id, next as unknown as DingTalkEndpointState, without, later), without),
    ).toEqual([]);
    expect(held().secret).toBe("");
    expect(bench.warnings).toEqual([]);
  });

  test("follows the usual rules again as soon as it is shown", async () => {
    const unshown = new Unshown();
    const { id, state } = await create(FULL, { unshown });
    emulator.zstack.switches.secretOnRead = "plain";
    emulator.zstack.endpoints.edit(id, { secret: "SECdrifted" });
    expect(changed((await read(id, state, { unshown })) ?? {}, FULL)).toEqual(["secret"]);
    expect(unshown.recorded).toBeUndefined();
    // Removed, where it was shown before, is removed.
    emulator.zstack.endpoints.edit(id, { secret: "" });
    expect(changed((await read(id, state, { unshown })) ?? {}, FULL)).toEqual(["secret"]);
  });

  test("is not taken for kept by a write that failed", async () => {
    const unshown = new Unshown();
    emulator.zstack.switches.deniedOperations = ["CreateUserTag"];
    const error = await failureOf(create(FULL, { unshown }));
    expect(error["state"]).toMatchObject({ secret: undefined });
    expect(unshown.recorded).toBeUndefined();
    emulator.zstack.switches.deniedOperations = [];
    const state = await update(OWN, error["state"] as DingTalkEndpointState, FULL, { unshown });
    expect(changed(state, FULL)).toEqual([]);
    expect(bench.warnings).toEqual([DOES_NOT_SHOW]);
  });
});

describe("a webhook that the server does not show in full", () => {
  const show = (url: string | undefined) => {
    emulator.zstack.faults.add({
      operation: "QuerySNSDingTalkEndpoint",
      times: "always",
      fault: {
        kind: "status",
        status: 200,
        body: JSON.stringify({
          total: 1,
          inventories: [{ uuid: OWN, name: "ops", url, atAll: false, type: "DingTalk", state: "Enabled" }],
        }),
      },
    });
  };

  test.each([
    ["absent", undefined],
    ["empty", ""],
    ["masked", "https://oapi.dingtalk.com/robot/send?access_token=***"],
  ])("is taken for the recorded one: %s", async (_what, url) => {
    const { id, state } = await create(inputsOf());
    show(url);
    expect((await read(id, state))?.webhookUrl).toBe(WEBHOOK);
  });

  test.each(["https://oapi.dingtalk.com/robot/send?access_token=ab", "https://relay.example/***"])(
    "is another one where it does not fit: %s",
    async (url) => {
      const { id, state } = await create(inputsOf());
      show(url);
      expect((await read(id, state))?.webhookUrl).toBe(url);
    },
  );
});

describe("a server that does not take our uuids", () => {
  beforeEach(() => {
    emulator.zstack.switches.clientUuids = "ignored";
  });
  const made = () => endpoints().map(({ uuid }) => uuid);
  const notTaken = (id: string) =>
    `ZStack does not take the uuids of its clients: it was asked to make the DingTalk endpoint ${OWN}, and made it as ${id}. It is managed under that one. On such a server a create that is cut off leaves an object behind that the next run cannot find by its uuid.`;

  test("has its endpoint managed under the uuid that it really got, for a whole life", async () => {
    const { id, state } = await create(FULL);
    expect(made()).toEqual([id]);
    expect(id).not.toBe(OWN);
    expect(held(id)).toEqual(HELD_FULL);
    expect(bench.warnings).toEqual([notTaken(id)]);
    await nextRun();
    expect(changed((await read(id, state)) ?? {}, FULL, id)).toEqual([]);
    await update(id, state, inputsOf({ name: "new" }));
    await remove(id, state);
    expect(endpoints()).toEqual([]);
  });

  test("has an endpoint with a resourceUuid deleted again, and the failure names it", async () => {
    const inputs = inputsOf({ resourceUuid: STRANGER });
    for (let attempt = 0; attempt < 2; attempt++) {
      expect((await failureOf(create(inputs))).message).toMatch(
        new RegExp(
          `^resourceUuid: ZStack did not take the uuid ${STRANGER}, but made the DingTalk endpoint as [0-9a-f]{32}, which was deleted again\\.\nLeave resourceUuid out: this ZStack chooses the uuids itself\\.$`,
        ),
      );
      expect(endpoints()).toEqual([]);
    }
  });

  test("names what it could not delete again", async () => {
    emulator.zstack.switches.deniedOperations = ["DeleteSNSApplicationEndpoint"];
    const { message } = await failureOf(create(inputsOf({ resourceUuid: STRANGER })));
    expect(message).toContain(`Delete DingTalk endpoint ${made()[0]} in the console`);
  });

  test("gives what a cut-off create left behind to the next one, where its name is our own", async () => {
    const identity = { key: "a".repeat(64), name: "duty" };
    const inputs = inputsOf({ name: "duty-aaaaaaa" });
    const left = await create(inputs, { identity });
    await nextRun();
    const { id } = await create(inputs, { identity });
    expect(id).toBe(left.id);
    expect(made()).toEqual([left.id]);
    expect(bench.warnings.join("\n")).toContain(
      `Continues with the DingTalk endpoint ${id}, which an earlier run of this resource left behind, and deletes `,
    );
  });

  test("has what may have been left behind named, where its name may be anybody's", async () => {
    const left = await create(inputsOf());
    await nextRun();
    const { id } = await create(inputsOf());
    expect(made().sort()).toEqual([id, left.id].sort());
    expect(bench.warnings.at(-1)).toBe(
      `There are other DingTalk endpoints that are exactly as declared: ${left.id}. An earlier run that was cut off may have left them behind: delete them in the console if nobody needs them.`,
    );
  });
});

describe("the answer of a create", () => {
  const answer = (uuid: string | undefined, committed: boolean): void => {
    const body = JSON.stringify({ inventory: { uuid, name: "ops", url: WEBHOOK, type: "DingTalk" } });
    emulator.zstack.faults.add({
      operation: "CreateSNSDingTalkEndpoint",
      fault: { kind: "status", status: 200, body },
      ...(committed
        ? { before: () => void emulator.zstack.endpoints.add({ uuid: OWN, name: "ops", url: WEBHOOK }) }
        : {}),
    });
  };

  test("that names somebody else's endpoint is not believed: ours is there", async () => {
    emulator.zstack.endpoints.add({ uuid: STRANGER, name: "ops", url: WEBHOOK });
    answer(STRANGER, true);
    expect((await create(inputsOf())).id).toBe(OWN);
    expect(bench.warnings).toEqual([
      `ZStack answered the create of the DingTalk endpoint ${OWN} with the uuid ${STRANGER}, but has made it under the right one. ${STRANGER} is left alone.`,
    ]);
    expect(held(STRANGER).webhookUrl).toBe(WEBHOOK);
  });

  test.each<[string, object]>([
    ["another name", { name: "theirs" }],
    ["another webhook", { url: `${WEBHOOK}2` }],
    ["another kind", { type: "WeCom" }],
  ])("that names an endpoint with %s neither takes nor deletes it", async (_what, theirs) => {
    emulator.zstack.endpoints.add({ uuid: STRANGER, name: "ops", url: WEBHOOK, ...theirs });
    for (const given of [{}, { resourceUuid: SECOND }]) {
      answer(STRANGER, false);
      const { message } = await failureOf(create(inputsOf(given)));
      expect(message).toContain(STRANGER);
      expect(message).toContain("Look for DingTalk endpoints of this name in the console");
    }
    expect(emulator.zstack.endpoints.size).toBe(1);
    expect(changes()).not.toContain("DeleteSNSApplicationEndpoint");
  });

  test("that names an endpoint of another resource of this program does not take it", async () => {
    emulator.zstack.endpoints.add({ uuid: STRANGER, name: "ops", url: WEBHOOK });
    bench.ids.hold(STRANGER, "another");
    answer(STRANGER, false);
    expect((await failureOf(create(inputsOf()))).message).toContain(
      "which is not the one that was asked for",
    );
  });

  test("that names nothing there is an error with both uuids", async () => {
    answer(STRANGER, false);
    expect((await failureOf(create(inputsOf()))).message).toBe(
      `ZStack was asked to make the DingTalk endpoint ${OWN}, and answered with ${STRANGER}, but shows neither.\nLook for DingTalk endpoints of this name in the console, and delete what nobody needs; then run the command again.`,
    );
  });

  test("that names none is settled by looking", async () => {
    answer(undefined, true);
    expect((await create(inputsOf())).id).toBe(OWN);
  });
});

describe("a delete", () => {
  const TOPIC = uuidFromKey("topic", 0);
  const subscribe = (topicUuid: string) =>
    emulator.zstack.subscriptions.add({ topicUuid, endpointUuid: OWN });
  const LOSES = `Deleting endpoint ${OWN} takes it away from what still delivers to it: topic "alarms" (${TOPIC}). ZStack does not subscribe it again.`;

  test("names the topics that lose the endpoint", async () => {
    const { id, state } = await create(inputsOf());
    emulator.zstack.topics.add({ uuid: TOPIC, name: "alarms" });
    subscribe(TOPIC);
    await remove(id, state);
    expect(bench.warnings).toEqual([LOSES]);
    expect(endpoints()).toEqual([]);
  });

  test.each([
    ["QuerySNSTopicSubscriber", []],
    ["QuerySNSTopic", [LOSES.replace(/"alarms" \((.*?)\)/, "$1")]],
  ])("goes on when %s is denied", async (operation, warnings) => {
    const { id, state } = await create(inputsOf());
    emulator.zstack.topics.add({ uuid: TOPIC, name: "alarms" });
    subscribe(TOPIC);
    emulator.zstack.switches.deniedOperations = [operation];
    await remove(id, state);
    expect(bench.warnings).toEqual(warnings);
    expect(endpoints()).toEqual([]);
  });

  test("of many endpoints asks once for what loses them", async () => {
    emulator.zstack.topics.add({ uuid: TOPIC, name: "alarms" });
    const uuids = Array.from({ length: 20 }, (_, n) => uuidFromKey("many", n));
    for (const uuid of uuids) {
      emulator.zstack.endpoints.add({ uuid });
      emulator.zstack.subscriptions.add({ topicUuid: TOPIC, endpointUuid: uuid });
    }
    await Promise.all(uuids.map((uuid) => remove(uuid, {})));
    expect(bench.warnings).toHaveLength(20);
    expect(emulator.journal.count("QuerySNSTopicSubscriber")).toBe(1);
    expect(emulator.journal.count("QuerySNSTopic")).toBe(1);
  });
});

type Fault = TransportFault | ZStackFault;

/** Which answers count as lost is judged in client.test.ts; here it is what becomes of each call. */
const LOST_CALLS: [string, Fault][] = [
  ["dropped, nothing done", { kind: "dropBeforeCommit" }],
  ["dropped, done", { kind: "dropAfterCommit" }],
  ["the job's record lost, done", { kind: "jobLost" }],
  ["an expired session", { kind: "expireSessions" }],
];

describe.each<[string, string]>([
  ["creating", "CreateSNSDingTalkEndpoint"],
  ["adding a person", "AddSNSDingTalkAtPerson"],
  ["changing a remark", "UpdateAtPersonOfAtDingTalkEndpoint"],
  ["removing a person", "RemoveSNSDingTalkAtPerson"],
  ["tagging", "CreateUserTag"],
  ["untagging", "DeleteTag"],
  ["attaching a pattern", "AttachTagToResources"],
  ["detaching a pattern", "DetachTagFromResources"],
  ["updating", "UpdateSNSDingTalkEndpoint"],
  ["clearing the description", "UpdateSNSApplicationEndpoint"],
  ["changing the state", "ChangeSNSApplicationEndpointState"],
  ["deleting", "DeleteSNSApplicationEndpoint"],
])("trouble while %s", (_what, operation) => {
  test.each(LOST_CALLS)(
    "%s: everything converges, exactly one endpoint and no twins",
    async (_fault, fault) => {
      emulator.zstack.faults.add({ operation, fault });
      const { id, state } = await create(FULL);
      expect(held(id)).toEqual(HELD_FULL);

      const next = inputsOf({
        name: "new",
        atPersons: { [PHONE]: "deputy", "+86-13700000000": "new" },
        userTags: ["b", "c"],
        enabled: false,
      });
      const after = await update(id, state, next);
      expect(changed(after, next)).toEqual([]);
      expect(held(id)).toEqual({
        name: "new",
        webhookUrl: WEBHOOK,
        secret: "",
        description: "",
        atAll: false,
        atPersons: { [PHONE]: "deputy", "+86-13700000000": "new" },
        enabled: false,
        userTags: ["b", "c"],
        tagUuids: [],
      });
      expect(endpoints()).toHaveLength(1);
      expect(emulator.zstack.persons.size).toBe(2);
      expect(emulator.zstack.tags.size).toBe(2);

      await remove(id, after);
      expect(endpoints()).toEqual([]);
      expect(emulator.journal.filter({ operation }).some(({ fault: played }) => played !== undefined)).toBe(
        true,
      );
      expect(emulator.journal.entries.filter(({ status }) => status === 400)).toEqual([]);
    },
  );
});

describe("a create whose outcome is in doubt", () => {
  test.each<[string, Fault]>([
    ["a job that never ends", { kind: "jobStuck" }],
    ["the server's own timeout", { kind: "jobFails", code: "SYS.1001", committed: true }],
    ["an internal error after the work", { kind: "jobFails", code: "SYS.1000", committed: true }],
  ])("is resolved by asking for the uuid: %s, and the work was done", async (_what, fault) => {
    emulator.zstack.faults.add({ operation: "CreateSNSDingTalkEndpoint", fault });
    expect((await create(FULL)).id).toBe(OWN);
    expect(held()).toEqual(HELD_FULL);
    expect(endpoints()).toHaveLength(1);
  });

  test.each<[string, Fault, string]>([
    ["a job that never ends", { kind: "jobStuck", committed: false }, "TimeoutError"],
    ["the server's own timeout", { kind: "jobFails", code: "SYS.1001" }, "JobFailedError"],
  ])("fails and makes no second one: %s, and nothing was done", async (_what, fault, name) => {
    emulator.zstack.faults.add({ operation: "CreateSNSDingTalkEndpoint", fault });
    expect(await failureOf(create(FULL))).toMatchObject({ name });
    expect(emulator.journal.count("CreateSNSDingTalkEndpoint")).toBe(1);
  });

  test.each(["SYS.1006", "SYS.1007", "ID.1002", "ID.1003"])("is not in doubt after %s", async (code) => {
    emulator.zstack.faults.add({ operation: "CreateSNSDingTalkEndpoint", fault: { kind: "jobFails", code } });
    expect(await failureOf(create(FULL))).toMatchObject({ name: "JobFailedError", apiCode: code });
    expect(emulator.journal.count("CreateSNSDingTalkEndpoint")).toBe(1);
  });

  test("a quota that is used up is said", async () => {
    Object.assign(emulator.zstack.switches, { admin: false, endpointQuota: 0 });
    expect(await failureOf(create(inputsOf()))).toMatchObject({ apiCode: "ID.1003" });
  });
});

describe("an unfinished endpoint", () => {
  test("is kept with what the server has, and finished by the next update", async () => {
    emulator.zstack.switches.deniedOperations = ["ChangeSNSApplicationEndpointState", "CreateUserTag"];
    const inputs = { ...FULL, enabled: false };
    const error = await failureOf(create(inputs));
    expect(error).toMatchObject({ name: "IncompleteError", id: OWN });
    const state = error["state"] as DingTalkEndpointState;
    expect(changed(state, inputs)).toEqual(["enabled", "userTags", "tagUuids"]);
    expect(state).toMatchObject({ enabled: true, uuid: OWN, name: "ops" });

    emulator.zstack.switches.deniedOperations = [];
    expect(changed(await update(OWN, state, inputs), inputs)).toEqual([]);
    expect(held()).toEqual({ ...HELD_FULL, enabled: false });
  });

  test("is kept as assumed when it cannot be read after it was made", async () => {
    emulator.zstack.faults.add({
      operation: "CreateSNSDingTalkEndpoint",
      then: () => void (emulator.zstack.switches.deniedOperations = ["QuerySNSDingTalkEndpoint"]),
    });
    const error = await failureOf(create(inputsOf({ enabled: false })));
    expect(error).toMatchObject({ name: "IncompleteError", id: OWN });
    expect(error["state"]).toMatchObject({ name: "ops", enabled: true, uuid: OWN });
  });

  test("is told of an update that half succeeded", async () => {
    const { state } = await create(inputsOf());
    emulator.zstack.switches.deniedOperations = ["AddSNSDingTalkAtPerson"];
    const inputs = inputsOf({ name: "new", atPersons: { [PHONE]: "" } });
    const error = await failureOf(update(OWN, state, inputs));
    expect(error).toMatchObject({ name: "IncompleteError" });
    expect(error["state"]).toMatchObject({ name: "new", atPersons: undefined });
  });
});

describe("drift", () => {
  test.each<[string, () => void, string[]]>([
    ["secret", () => emulator.zstack.endpoints.edit(OWN, { secret: "SECx" }), ["secret"]],
    ["no secret", () => emulator.zstack.endpoints.edit(OWN, { secret: "" }), ["secret"]],
    ["a hidden one", () => emulator.zstack.endpoints.edit(OWN, { state: "Hidden" }), ["enabled"]],
    [
      "a person more",
      () => emulator.zstack.persons.add({ endpointUuid: OWN, phoneNumber: "+86-13700000000" }),
      ["atPersons"],
    ],
    ["a person less", () => emulator.zstack.persons.remove(person(PHONE)), ["atPersons"]],
    ["a remark", () => emulator.zstack.persons.edit(person(PHONE), { remark: "x" }), ["atPersons"]],
    ["a tag less", () => emulator.zstack.tags.remove(tag("a")), ["userTags"]],
    ["a pattern less", () => emulator.zstack.tags.remove(tag("t")), ["tagUuids"]],
    ["a tag of somebody else", () => emulator.zstack.tags.add({ resourceUuid: OWN, tag: "theirs" }), []],
    ["a subscription", () => emulator.zstack.subscriptions.add({ endpointUuid: OWN, topicUuid: "x" }), []],
    ["nothing", () => undefined, []],
  ])("of %s is seen by property, and repaired", async (_what, drift, properties) => {
    const { id, state } = await create(FULL);
    drift();
    await nextRun();
    const live = await read(id, state);
    expect(changed(live ?? {}, FULL)).toEqual(properties);
    expect(changes()).toEqual([]);
    if (live === undefined || properties.length === 0) {
      return;
    }
    expect(changed(await update(id, live, FULL), FULL)).toEqual([]);
    expect({ ...held(), userTags: ["a", "b"] }).toEqual(HELD_FULL);
  });

  const person = (phone: string) =>
    emulator.zstack.persons.list().find(({ phoneNumber }) => phoneNumber === phone)?.uuid ?? "";
  const tag = (text: string) => emulator.zstack.tags.list().find((row) => row.tag === text)?.uuid ?? "";

  test("of an endpoint that was deleted is seen, and tags of others stay", async () => {
    const { id, state } = await create(FULL);
    emulator.zstack.endpoints.remove(id);
    expect(await read(id, state)).toBeUndefined();
    expect(await failureOf(update(id, state, inputsOf()))).toMatchObject({
      message:
        `The DingTalk endpoint ${id} was deleted outside Pulumi.\n` +
        "Run `pulumi refresh`, then `pulumi up` to create it again; or `pulumi up --refresh`, which does both.",
    });
    await expect(remove(id, state)).resolves.toBeUndefined();
  });
});

describe("an update", () => {
  const LONG = `${WEBHOOK}&${"x".repeat(300)}`;

  test("changes nothing when nothing differs", async () => {
    const { id, state } = await create(FULL);
    emulator.journal.clear();
    await update(id, state, FULL);
    expect(changes()).toEqual([]);
  });

  test.each<[string, Partial<DingTalkEndpointInputs>, string[]]>([
    ["secret", { secret: undefined }, ["UpdateSNSDingTalkEndpoint"]],
    ["description", { description: "x" }, ["UpdateSNSDingTalkEndpoint"]],
    ["no description", { description: undefined }, ["UpdateSNSApplicationEndpoint"]],
    ["enabled", { enabled: false }, ["ChangeSNSApplicationEndpointState"]],
    ["a remark", { atPersons: { ...FULL.atPersons, [PHONE]: "x" } }, ["UpdateAtPersonOfAtDingTalkEndpoint"]],
    ["a person less", { atPersons: { [PHONE]: "boss" } }, ["RemoveSNSDingTalkAtPerson"]],
    ["a tag less", { userTags: ["a"] }, ["DeleteTag"]],
    ["no pattern", { tagUuids: undefined }, ["DetachTagFromResources"]],
  ])("of %s makes just the call it needs", async (_what, change, calls) => {
    const { id, state } = await create(FULL);
    emulator.journal.clear();
    const inputs = { ...FULL, ...change };
    expect(changed(await update(id, state, inputs), inputs)).toEqual([]);
    expect(changes()).toEqual(calls);
  });

  test("compares with the live object, not with the recorded one", async () => {
    const { id, state } = await create(FULL);
    emulator.zstack.endpoints.edit(id, { name: "drifted" });
    emulator.journal.clear();
    await update(id, state, { ...FULL, description: "new" });
    expect(held()).toEqual({ ...HELD_FULL, description: "new" });
    expect(changes()).toEqual(["UpdateSNSDingTalkEndpoint"]);
  });

  test("to a webhook that an update cannot carry is refused before any change", async () => {
    const { id, state } = await create(inputsOf());
    emulator.journal.clear();
    const error = await failureOf(update(id, state, inputsOf({ webhookUrl: LONG, name: "x" })));
    expect(error.name).toBe("InputError");
    expect(error.message).toContain(
      "webhookUrl: ZStack cannot give an existing endpoint a webhook of more than 256 characters.",
    );
    expect(error.message).not.toContain("access_token");
    expect(changes()).toEqual([]);
  });

  test("of an endpoint with a long webhook leaves that alone", async () => {
    const { id, state } = await create(inputsOf({ webhookUrl: LONG }));
    await update(id, state, inputsOf({ webhookUrl: LONG, name: "x" }));
    expect(held().name).toBe("x");
  });

  test("that is out of time before it begins changes nothing", async () => {
    const { id, state } = await create(FULL);
    emulator.journal.clear();
    const reason = new Error("out of time");
    const signal = AbortSignal.abort(reason);
    await failureOf(update(id, state, { ...FULL, name: "x" }, { signal }));
    expect(changes()).toEqual([]);
  });
});

describe("another place", () => {
  const elsewhere = { recordedTenancy: { site: "http://10.0.0.9:8080/zstack" } };

  test("is fine while the endpoint is found there", async () => {
    const { id, state } = await create(FULL);
    expect(await read(id, state, elsewhere)).toMatchObject({ name: "ops" });
    await expect(remove(id, state, elsewhere)).resolves.toBeUndefined();
    expect(endpoints()).toEqual([]);
  });

  test("is refused by read, update and delete when it is not", async () => {
    const { state } = await create(FULL);
    for (const work of [
      () => read(STRANGER, state, elsewhere),
      () => update(STRANGER, state, FULL, elsewhere),
      () => remove(STRANGER, state, elsewhere),
    ]) {
      expect(await failureOf(work())).toMatchObject({
        name: "WrongTenancyError",
        message: [
          `DingTalk endpoint ${STRANGER} was not found, but this connection is not the one it was made with.`,
          "Recorded in: http://10.0.0.9:8080/zstack",
          `Connected to: ${emulator.url}/zstack (account ${emulator.zstack.accountUuid})`,
          "Nothing was changed. Point the connection back to where the object lives; or, if it really is gone there, remove it from the stack with `pulumi state delete`.",
        ].join("\n"),
      });
    }
    expect(changes()).toHaveLength(4);
  });

  test.each<[string, Partial<ZStackSwitches>]>([
    ["no permission", { deniedOperations: ["QuerySNSDingTalkEndpoint"] }],
    ["a node that starts", { ready: false }],
    ["a missing module", { snsAvailable: false }],
  ])("%s never looks like gone", async (_what, switches) => {
    const { id, state } = await create(FULL);
    Object.assign(emulator.zstack.switches, switches);
    await failureOf(read(id, state));
    await failureOf(remove(id, state));
    Object.assign(emulator.zstack.switches, { deniedOperations: [], ready: true, snsAvailable: true });
    expect(held()).toEqual(HELD_FULL);
  });
});

/** Positions of a switch in which a whole life goes on as always. */
const POSITIONS: [Partial<ZStackSwitches>][] = [
  [{ serverVersion: "5.0.0" }],
  [{ serverVersion: "5.1.8" }],
  [{ serverVersion: "5.3.20" }],
  [{ locale: "zh_CN" }],
  [{ timezone: "UTC" }],
  [{ locationBase: "self" }],
  [{ locationBase: "https://elsewhere.example:8443" }],
  [{ pollsBeforeDone: 5 }],
  [{ uniqueSession: true }],
  [{ admin: false, endpointQuota: 1 }],
  [{ elaboration: false }],
  [{ causes: "cause" }],
  [{ causes: "causes" }],
  [{ globalErrorCode: true }],
  [{ dateFormat: "java8" }],
  [{ dateFormat: "java9" }],
  [{ dateFormat: "java20" }],
  [{ dateFormat: "epoch" }],
  [{ personDatesAfterCreate: "missing" }],
  [{ personDatesAfterCreate: "present" }],
  [{ personOrder: "insertion" }],
  [{ personOrder: "shuffled" }],
  [{ queryOrder: "insertion" }],
  [{ queryOrder: "shuffled" }],
  [{ connectionStatus: "UP" }],
  [{ connectionStatus: "DOWN" }],
  [{ connectionStatus: "flips" }],
  [{ secretOnRead: "masked" }],
  [{ secretOnRead: "encrypted" }],
  [{ urlColumnOverflow: "cut" }],
  [{ secretColumnOverflow: "cut" }],
  [{ uuidReuse: false }],
  [{ maxPageRows: 1 }],
  [{ replyWithCount: false }],
  [{ maxPageRows: 1, replyWithCount: false }],
  [{ tagsOnCreate: "attached" }],
  [{ hiddenListed: false }],
  [{ personUpdateUnknownEndpoint: "success" }],
];

/** Those that change no part of an endpoint's own life; sessions, keys and jobs are judged in the tests of client and connection. */
const JUDGED_ELSEWHERE = [
  "checkTimeZone",
  "clientUuids",
  "accessKeysAvailable",
  "snsAvailable",
  "zwatchAvailable",
  "jobMs",
  "jobRetentionSeconds",
  "webHookRetryMs",
  "sessionTimeoutSeconds",
  "passwordChangeEndsSessions",
  "maxSessions",
  "loginControl",
  "lockAfterFailures",
  "ready",
  "deniedOperations",
  "readsLookEmpty",
  "requestsPerMinute",
  "secretClearable",
  "descriptionClearable",
  "hiddenStateName",
  "removeActionUnknownOwner",
  "removeMissingAction",
  "subscribeEventUnknownTopic",
  "testMessagePersons",
  "testConnection",
];

test("every switch of the emulator is judged", () => {
  const judged = new Set([...POSITIONS.flatMap(([switches]) => Object.keys(switches)), ...JUDGED_ELSEWHERE]);
  expect(Object.keys(ZSTACK_SWITCHES).filter((name) => !judged.has(name))).toEqual([]);
});

describe("a whole life", () => {
  test.each(POSITIONS)("goes well with %j", async (switches) => {
    Object.assign(emulator.zstack.switches, switches);
    const { id, state } = await create(FULL);
    expect(held()).toEqual(HELD_FULL);
    expect(changed(state, FULL)).toEqual([]);

    await nextRun();
    const same = await read(id, state);
    expect(changed(same ?? {}, FULL)).toEqual([]);
    expect(same?.createdAt).toBe(state.createdAt);
    await update(id, same ?? state, FULL);
    expect(changes()).toEqual([]);

    emulator.zstack.endpoints.edit(id, { description: "drifted" });
    const drifted = await read(id, state);
    expect(changed(drifted ?? {}, FULL)).toEqual(["description"]);
    await update(id, drifted ?? state, FULL);
    expect(held()).toEqual(HELD_FULL);

    const bare = inputsOf({ name: "bare" });
    const cleared = await update(id, state, bare);
    expect(changed(cleared, bare)).toEqual([]);
    expect(held()).toMatchObject({
      name: "bare",
      secret: "",
      description: "",
      atPersons: {},
      userTags: [],
      tagUuids: [],
    });

    await remove(id, cleared);
    expect(await read(id, cleared)).toBeUndefined();
    await remove(id, cleared);
    expect(endpoints()).toEqual([]);
  });

  // How much faster time passes at the server than here.
  test.each<[string, Partial<ZStackSwitches>, pace: number]>([
    ["jobs that take half a minute", { jobMs: 30_000 }, 1],
    ["sessions that end all the time", { sessionTimeoutSeconds: 1 }, 1_000],
    ["a tight rate limit", { requestsPerMinute: 5 }, 300],
  ])("goes well with %s", async (_what, switches, pace) => {
    Object.assign(emulator.zstack.switches, switches);
    const { sleep } = bench.clock;
    bench.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      emulator.clock.advance(ms * pace);
    };
    const { id, state } = await create(FULL);
    expect(held()).toEqual(HELD_FULL);
    const next = { ...FULL, name: "x", atPersons: undefined };
    expect(changed(await update(id, state, next), next)).toEqual([]);
    await remove(id, state);
    expect(endpoints()).toEqual([]);
  });

  test("with a server that keeps a description: an unfinished update that says so, again and again", async () => {
    emulator.zstack.switches.descriptionClearable = false;
    const { id, state } = await create(FULL);
    const bare = { ...FULL, description: undefined };
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await failureOf(update(id, state, bare));
      expect(error).toMatchObject({
        name: "IncompleteError",
        message:
          "description: ZStack accepted the change, but still has another value. Run the command again; if it stays, ZStack does not keep what is declared: declare what it has.",
      });
      expect(error["state"]).toMatchObject({ description: "text" });
    }
  });

  test.each(["plain", "masked", "encrypted"] as const)(
    "with a server that keeps a secret and shows it %s: an unfinished update that says so",
    async (secretOnRead) => {
      Object.assign(emulator.zstack.switches, { secretClearable: false, secretOnRead });
      const { id, state } = await create(FULL);
      expect(await failureOf(update(id, state, { ...FULL, secret: undefined }))).toMatchObject({
        name: "IncompleteError",
        message:
          "secret: ZStack accepted the change, but still has another value. Run the command again; if it stays, ZStack does not keep what is declared: declare what it has.",
      });
    },
  );

  test.each(["masked", "encrypted"] as const)(
    "with a secret that is shown %s: its drift cannot be seen, a change of it is sent",
    async (secretOnRead) => {
      emulator.zstack.switches.secretOnRead = secretOnRead;
      const { id, state } = await create(FULL);
      emulator.zstack.endpoints.edit(id, { secret: "SECdrifted" });
      expect(changed((await read(id, state)) ?? {}, FULL)).toEqual([]);
      const next = { ...FULL, secret: "SECnext" };
      expect(changed(await update(id, state, next), next)).toEqual([]);
      expect(held().secret).toBe("SECnext");
    },
  );

  test("with a secret that cannot be seen: one that failed to be set is not taken for set", async () => {
    emulator.zstack.switches.secretOnRead = "masked";
    const { id, state } = await create(FULL);
    emulator.zstack.switches.deniedOperations = ["UpdateSNSDingTalkEndpoint"];
    const error = await failureOf(update(id, state, { ...FULL, secret: "SECnext" }));
    expect(error["state"]).toMatchObject({ secret: "SECabc" });
  });

  test("with a server whose reads look empty: gone is what it says, as the account sees nothing", async () => {
    const { id, state } = await create(FULL);
    emulator.zstack.switches.readsLookEmpty = true;
    expect(await read(id, state)).toBeUndefined();
    await remove(id, state);
    emulator.zstack.switches.readsLookEmpty = false;
    expect(held()).toEqual(HELD_FULL);
  });

  test("with access keys that the licence has removed: the reason is said", async () => {
    emulator.zstack.switches.accessKeysAvailable = false;
    const { accessKeyId: id, accessKeySecret: secret } = emulator.zstack;
    await bench.connection.close();
    bench = benchFor(emulator, { credentials: { kind: "accessKey", id, secret } });
    expect(await failureOf(create(FULL))).toMatchObject({ apiCode: "ACCESS_KEY_UNKNOWN" });
  });
});
