import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { adoptPolicy, findToAdopt, requireNameForByName, type AdoptionSearch } from "../core/adopt";
import { converge, goneError } from "../core/converge";
import { diff } from "../core/diff";
import { InputError, ReplyShapeError, TimeoutError } from "../core/errors";
import { flag, integer, oneOf, text } from "../core/field-types";
import { autoName, defineFields, type InputsOf, type StateOf } from "../core/fields";
import { poll, type PollSchedule } from "../core/polling";
import type { Context, Existing, ResourceDefinition } from "../core/resource";
import { webhookUrl } from "../core/webhook-url";
import { existing, ManagedResource, type ArgsOf } from "../pulumi/managed-resource";
import { alertRules, inWordsOf, type AlertRule } from "./alert-rules";
import { isAlertKind, kindOfType } from "./alert-types";
import {
  createOrUpdateDingTalk,
  deleteDingTalk,
  modifyDingTalkStatus,
  type CreateOrUpdateDingTalkParams,
  type RobotRow,
} from "./api";
import { isOutcomeUnknown } from "./client";
import type { SecurityCenterConnection } from "./connection";
import { packAlertRules, packGroupIds, unpackAlertRules, unpackGroupIds } from "./encodings";
import { isNotFound } from "./failures";
import { assetGroupIds } from "./group-ids";
import { createAndFind } from "./new-robot";
import { requireOwnAccount, requireOwnSite } from "./own-place";

const MAX_INTERVAL = 2 ** 31 - 1;
const NOUN = "DingTalk robot";
/** How long the list may take to show a change: half a second, one, two, four. Nothing says that it shows one at once. */
const SETTLE_SCHEDULE: PollSchedule = { initialDelayMs: 500, maxDelayMs: 4_000, factor: 2 };
const SETTLE_MS = 7_500;

const fields = defineFields({
  /** What the robot is called in Security Center. Kept apart from others by this name, so it should be unique. */
  name: { type: text({ minChars: 2, maxChars: 64 }), default: autoName(64), change: "update" },
  /**
   * The webhook of the DingTalk robot, with its access token, as the robot's settings page shows it. The robot's security setting must be
   * a custom keyword: Security Center cannot sign.
   */
  webhookUrl: { type: webhookUrl(), required: true, secret: true, change: "update" },
  /** The language of the notifications. */
  language: { type: oneOf(["zh", "en"]), default: "zh", change: "update" },
  /**
   * How long to wait between notifications; 0 means no limit. Passed on as it is: UNVERIFIED whether the service counts seconds or minutes,
   * since its documentation says both.
   */
  notificationInterval: { type: integer({ min: 0, max: MAX_INTERVAL }), default: 0, change: "update" },
  /** The asset groups whose alerts are sent; all groups when left out. */
  assetGroupIds: { type: assetGroupIds(), change: "update" },
  /**
   * Which alerts are sent, one rule for each type. `type` is a short kind, whose full string is looked up for the site, or one of the
   * service's own strings, passed on verbatim. `conditions` maps a key to its accepted values; without any, all alerts of the type.
   */
  alertRules: { type: alertRules(), change: "update" },
  /** Whether the robot sends. A new robot sends for a moment before it can be disabled. */
  enabled: { type: flag(), default: true, change: "update" },
  /**
   * Which existing robot a create may take over: `"never"`; `"identical"`, the one that already is exactly as declared; `"byName"`, the one
   * of this name, else a new one; or `{ id }`, that very one. Another robot of the same name is refused otherwise.
   */
  adopt: { type: adoptPolicy(), default: "identical", change: "ignored", local: true },
});

const outputs = {
  /** The robot's numeric id: the same as `id`, so known in every preview once the robot exists. */
  robotId: { isId: true },
  /** When the robot was made, ISO 8601 in UTC. */
  createdAt: {},
} as const;

type Inputs = InputsOf<typeof fields>;
type State = StateOf<typeof fields, typeof outputs>;
type Recorded = Partial<State>;
type Ctx = Context<SecurityCenterConnection>;

async function create(ctx: Ctx, inputs: Inputs): Promise<Existing<State>> {
  const id = await ctx.connection.inTurn(inputs.name, () => ensure(ctx, inputs));
  // From here on the object exists, so whatever happens its id must not be lost.
  return { id, state: await sync(ctx, id, inputs, inputs, { ...inputs, enabled: true, robotId: id }) };
}

async function read(ctx: Ctx, id: string, recorded: Recorded): Promise<State | undefined> {
  await requireOwnSite(ctx, NOUN, id);
  const row = await ctx.connection.getRobot(id);
  await requireOwnAccount(ctx, NOUN, id, row);
  return row === undefined ? undefined : fromWire(row, recorded);
}

async function remove(ctx: Ctx, id: string): Promise<void> {
  if ((await read(ctx, id, {})) === undefined) {
    return;
  }
  try {
    await deleteDingTalk(ctx.connection.client, id, ctx);
  } catch (error) {
    if (!isNotFound(error) && !isOutcomeUnknown(error)) {
      throw error;
    }
    // "Not there", or an answer that was lost: the list decides.
    if ((await ctx.connection.getRobot(id, ctx.connection.now())) !== undefined) {
      throw error;
    }
    return;
  }
  const isGone = await settled(
    ctx,
    async () => (await ctx.connection.getRobot(id, ctx.connection.now())) === undefined,
  );
  if (!isGone) {
    throw new TimeoutError(`The ${NOUN} ${id} was deleted, but the list still shows it.`, {
      hint: "Run the command again.",
    });
  }
}

/** Finds the robot this resource stands for, or makes it. */
async function ensure(ctx: Ctx, inputs: Inputs): Promise<string> {
  const scan = await ctx.connection.robots();
  const namesakes = scan.rows.filter(
    (row) => row.ActionName.trim() === inputs.name && !ctx.ids.isSeen(row.Id),
  );
  const adopted = await findToAdopt(ctx, inputs.adopt, adoptionSearch(ctx, inputs, namesakes));
  if (adopted !== undefined) {
    return adopted;
  }
  if (namesakes.length > 0) {
    throw new InputError(
      `Security Center already has a ${NOUN} of this name: ${namesakes.map((row) => row.Id).join(", ")}.`,
      {
        hint: 'Take it over with `adopt: { id }` (or `adopt: "byName"`), or declare another name: two robots of one name could not be told apart.',
      },
    );
  }
  const params = await toWire(ctx, inputs, undefined);
  return createAndFind(ctx, {
    name: inputs.name,
    idsBefore: new Set(scan.rows.map((row) => row.Id)),
    create: () => createOrUpdateDingTalk(ctx.connection.client, params, ctx),
    hasWebhook: (row) => shownWebhook(row.Url, inputs.webhookUrl) === inputs.webhookUrl,
    isIdentical: (row) => isIdentical(row, inputs),
  });
}

function adoptionSearch(ctx: Ctx, inputs: Inputs, namesakes: readonly RobotRow[]): AdoptionSearch<RobotRow> {
  return {
    noun: NOUN,
    idOf: (row) => row.Id,
    byId: (id) => ctx.connection.getRobot(id),
    byName: () => Promise.resolve(namesakes),
    isIdentical: (row) => isIdentical(row, inputs),
  };
}

/** Brings the robot to what is declared; see `converge`. */
function sync(ctx: Ctx, id: string, recorded: Recorded, inputs: Inputs, assumed?: State): Promise<State> {
  return converge({
    service: "Security Center",
    id,
    fields,
    inputs,
    assumed,
    change: () => change(ctx, id, recorded, inputs),
    readBack: async (changed) => {
      let state: State | undefined;
      // What a read takes over from here: a webhook that is not shown in full.
      const webhook = changed ? inputs.webhookUrl : recorded.webhookUrl;
      const { webhookUrl: _declared, ...rest } = inputs;
      const known: Recorded = webhook === undefined ? rest : { ...rest, webhookUrl: webhook };
      await settled(ctx, async () => {
        const row = await ctx.connection.getRobot(id, ctx.connection.now());
        state = row === undefined ? undefined : fromWire(row, known);
        return !changed || (state !== undefined && diff(fields, state, inputs, id).changed.length === 0);
      });
      return state;
    },
    gone: () => goneError(NOUN, id),
  });
}

async function change(ctx: Ctx, id: string, recorded: Recorded, inputs: Inputs): Promise<void> {
  await requireOwnSite(ctx, NOUN, id);
  const row = await ctx.connection.getRobot(id);
  await requireOwnAccount(ctx, NOUN, id, row);
  if (row === undefined) {
    throw goneError(NOUN, id);
  }
  const { changed } = diff(fields, fromWire(row, recorded), inputs, id);
  let status = row.Status;
  if (changed.some((name) => name !== "enabled")) {
    status = await overwrite(ctx, row, inputs);
  }
  // An overwrite may have reset the status, so it is compared with what the list says afterwards.
  if ((status === 1) !== inputs.enabled) {
    await modifyDingTalkStatus(ctx.connection.client, id, inputs.enabled, ctx);
  }
}

/** Sends every field, since it is not known whether an update keeps those that are left out; gives the status afterwards. */
async function overwrite(ctx: Ctx, row: RobotRow, inputs: Inputs): Promise<RobotRow["Status"]> {
  const idsBefore = new Set((await ctx.connection.robots()).rows.map((one) => one.Id));
  const params = await toWire(ctx, inputs, row);
  try {
    await createOrUpdateDingTalk(ctx.connection.client, params, ctx);
  } catch (error) {
    const now = isOutcomeUnknown(error)
      ? await ctx.connection.getRobot(row.Id, ctx.connection.now())
      : undefined;
    if (now === undefined || !isIdentical(now, inputs)) {
      throw error;
    }
    return now.Status;
  }
  const after = await ctx.connection.robots(ctx.connection.now());
  const twin = after.rows.find((one) => one.ActionName.trim() === inputs.name && !idsBefore.has(one.Id));
  const self = after.rows.find((one) => one.Id === row.Id);
  if (twin !== undefined && self === undefined) {
    throw new InputError(
      `Robot ${row.Id} was deleted while it was updated, and the service made robot ${twin.Id} instead.`,
      { hint: `Delete robot ${twin.Id} in the console, then run \`pulumi refresh\` and \`pulumi up\`.` },
    );
  }
  return self?.Status ?? row.Status;
}

/** Asks until something is as it should be, or for so long that it never will be. */
async function settled(ctx: Ctx, isSettled: () => Promise<boolean>): Promise<boolean> {
  const answer = await poll(async () => ((await isSettled()) ? true : undefined), SETTLE_SCHEDULE, {
    clock: ctx.clock,
    signal: ctx.signal,
    deadlineMs: ctx.clock.now() + SETTLE_MS,
    onWait: () => {
      ctx.log.progress("waiting for the list to show the change");
    },
  });
  return answer === true;
}

async function toWire(
  ctx: Ctx,
  inputs: Inputs,
  live: RobotRow | undefined,
): Promise<CreateOrUpdateDingTalkParams> {
  const rules = await withFullTypes(ctx, inputs.alertRules ?? [], live);
  const groups = inputs.assetGroupIds ?? [];
  // What is not declared is left out of a create, and emptied by an update.
  const isSent = (list: readonly unknown[]): boolean => live !== undefined || list.length > 0;
  return {
    Id: live?.Id,
    RuleActionName: inputs.name,
    SendUrl: inputs.webhookUrl,
    IntervalTime: String(inputs.notificationInterval),
    DingTalkLang: inputs.language,
    ConfigList: isSent(rules) ? packAlertRules(rules) : undefined,
    GroupIdList: isSent(groups) ? packGroupIds(groups) : undefined,
  };
}

/** Short kinds become the site's strings: on an update the robot's own, else what the site says it knows. */
async function withFullTypes(
  ctx: Ctx,
  rules: readonly AlertRule[],
  live: RobotRow | undefined,
): Promise<AlertRule[]> {
  const liveTypes =
    (live === undefined ? undefined : unpackAlertRules(live.ConfigList))?.map((rule) => rule.type) ?? [];
  return Promise.all(
    rules.map(async (rule) => {
      if (!isAlertKind(rule.type)) {
        return rule;
      }
      const kind = rule.type;
      return {
        ...rule,
        type: liveTypes.find((type) => kindOfType(type) === kind) ?? (await ctx.connection.typeFor(kind)),
      };
    }),
  );
}

function fromWire(row: RobotRow, known: Recorded): State {
  const rules = unpackAlertRules(row.ConfigList);
  if (rules === undefined) {
    throw new ReplyShapeError(`Robot ${row.Id} has alert rules in a form that this release does not know.`, {
      hint: "Please report this, with the ConfigList that DescribeDingTalk answers.",
    });
  }
  const groups = unpackGroupIds(row.GroupIdList);
  return {
    name: row.ActionName.trim(),
    webhookUrl: shownWebhook(row.Url, known.webhookUrl),
    language: row.DingTalkLang === "en" ? "en" : "zh",
    notificationInterval: row.IntervalTime ?? 0,
    assetGroupIds: groups.length === 0 ? undefined : groups,
    alertRules: rules.length === 0 ? undefined : inWordsOf(known.alertRules, rules),
    enabled: row.Status === 1,
    adopt: known.adopt ?? "identical",
    robotId: row.Id,
    createdAt: row.GmtCreate == null ? undefined : new Date(row.GmtCreate).toISOString(),
  };
}

/**
 * The webhook as far as the list shows it. One that is cut before its token, or masked, and fits the recorded one says nothing more, so the
 * recorded one stays: UNVERIFIED whether the service shows it in full (sheet 11).
 */
function shownWebhook(live: string | null | undefined, recorded: string | undefined): string {
  const shown = live?.trim() ?? "";
  if (recorded === undefined) {
    return shown;
  }
  const [head = "", ...rest] = shown.split(/\*+/);
  const tail = rest.at(-1) ?? "";
  const fits =
    rest.length === 0 ? recorded.startsWith(shown) : recorded.startsWith(head) && recorded.endsWith(tail);
  return fits ? recorded : shown;
}

/** Whether a robot is what a create would make. Its status is not compared: the call cannot set it. */
function isIdentical(row: RobotRow, inputs: Inputs): boolean {
  const state = fromWire(row, inputs);
  return diff(fields, { ...state, enabled: inputs.enabled }, inputs, row.Id).changed.length === 0;
}

const definition: ResourceDefinition<typeof fields, typeof outputs, SecurityCenterConnection> = {
  token: "securitycenter:DingTalkRobot",
  noun: NOUN,
  fields,
  outputs,
  refusedArguments: {
    secret:
      "is not offered: Security Center cannot sign. Set the robot's security to a custom keyword in DingTalk.",
    sendUrl: "is called webhookUrl here.",
    url: "is called webhookUrl here.",
    ruleActionName: "is called name here.",
    intervalTime: "is called notificationInterval here.",
    groupIdList: "is called assetGroupIds here.",
    configList: "is called alertRules here.",
    dingTalkLang: "is called language here.",
    status: "is called enabled here.",
  },
  crossCheck(inputs, report, given) {
    if (
      inputs["alertRules"] === undefined &&
      !report.issues.some(({ path }) => path.startsWith("alertRules"))
    ) {
      report.warn("alertRules", "is not given. What the service sends without rules is not documented.");
    }
    requireNameForByName(inputs, report, given);
  },
  create,
  read,
  update: sync,
  delete: remove,
};

/** The arguments of a {@link DingTalkRobot}. */
export type DingTalkRobotArgs = ArgsOf<typeof fields>;

/** The canonical, plain inputs of a {@link DingTalkRobot}, as state stores them. */
export type DingTalkRobotInputs = Inputs;

/** What state holds of a {@link DingTalkRobot}. */
export type DingTalkRobotState = State;

type ManagedOutputs = { [K in keyof State]-?: Output<State[K]> };

// The outputs of the class: one per field, derived, so that a field is declared once.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface DingTalkRobot extends Readonly<ManagedOutputs> {}

/**
 * A DingTalk robot that Alibaba Cloud Security Center sends alerts to. Needs the Enterprise or Ultimate edition.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class DingTalkRobot extends ManagedResource {
  /** @internal */
  static readonly definition = definition;

  constructor(name: string, args: DingTalkRobotArgs, opts?: CustomResourceOptions) {
    super(definition, name, args, opts);
  }

  /**
   * Reads an existing robot without managing it: it is never changed or deleted. Fails when it does not exist.
   *
   * @param name the Pulumi name to show it under
   * @param id the robot's numeric id
   */
  static get(name: string, id: Input<string>, opts?: CustomResourceOptions): DingTalkRobot {
    return new DingTalkRobot(name, {} as DingTalkRobotArgs, existing(id, opts));
  }

  /** Whether `value` is a DingTalkRobot, also one of another copy of this package. */
  static override isInstance(value: unknown): value is DingTalkRobot {
    return this.isOfType(value, definition.token);
  }
}
