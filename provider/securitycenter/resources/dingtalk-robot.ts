import { adoptPolicy, checkAdopt, findToAdopt, type AdoptionSearch } from "../../core/lifecycle/adopt";
import {
  objectLifecycle,
  withoutUnshown,
  type Ensured,
  type Purpose,
} from "../../core/lifecycle/object-lifecycle";
import { diff } from "../../core/fields/diff";
import { InputError, ReplyShapeError } from "../../core/errors";
import { flag, integer, oneOf, text } from "../../core/fields/field-types";
import { autoName, defineFields, type Complete, type InputsOf, type StateOf } from "../../core/fields/fields";
import { trimmed } from "../../core/plain-text";
import type { Context, ResourceDefinition } from "../../core/lifecycle/definition";
import { shownValue } from "../../core/lifecycle/shown-value";
import { webhookUrl } from "../../core/fields/webhook-url";
import { alertRules, inWordsOf } from "../fields/alert-rules";
import { createOrUpdateDingTalk, type CreateOrUpdateDingTalkParams, type RobotRow } from "../api/actions";
import type { SecurityCenterConnection } from "../connection";
import { packAlertRules, packGroupIds, unpackAlertRules, unpackGroupIds } from "../api/encodings";
import { assetGroupIds } from "../fields/group-ids";
import { createAndFind } from "../lifecycle/new-robot";
import { ROBOT } from "../lifecycle/robot-noun";
import { requireOwnAccount, requireOwnSite } from "../lifecycle/own-tenancy";
import { normaliseRobotId } from "../fields/robot-ids";
import { deleteRobot, overwriteRobot, switchRobot } from "../lifecycle/robot-writes";
import { withFullTypes } from "../lifecycle/site-types";

const MAX_INTERVAL = 2 ** 31 - 1;
/** UNVERIFIED whether the service counts most emoji as one character or as two: a name fits either way (sheet 4.1). */
const NAME_LIMITS = { minChars: 2, maxChars: 64 };

const LANGUAGE_SYNONYMS = { cn: "zh", zh_cn: "zh", chinese: "zh", en_us: "en", english: "en" } as const;

const fields = defineFields({
  /** What the robot is called in Security Center. Kept apart from others by this name, so it should be unique. */
  name: { type: text(NAME_LIMITS), default: autoName(NAME_LIMITS.maxChars), change: "update" },
  /**
   * The webhook of the DingTalk robot, with its access token, as the robot's settings page shows it. The robot's security setting must be
   * a custom keyword: Security Center cannot sign.
   */
  webhookUrl: { type: webhookUrl(), required: true, secret: true, change: "update" },
  /** The language of the notifications. */
  language: { type: oneOf(["zh", "en"], LANGUAGE_SYNONYMS), default: "zh", change: "update" },
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
   * Which existing robot a create may take over: `"never"`; `"identical"`, the one that already is exactly as declared, else a new one;
   * `"byName"`, the one of this name, else a new one; or `{ id }`, that very one. The last two fail if it is not as declared, unless
   * `overwrite: true` stands beside `id` or `byName: true`. Another robot of the same name is refused otherwise.
   */
  adopt: { type: adoptPolicy(normaliseRobotId), default: "identical", change: "ignored", local: true },
});

const outputs = {
  /** The robot's numeric id: the same as `id`, so known in every preview once the robot exists. */
  robotId: { isId: true },
  /** When the robot was made, ISO 8601 in UTC. */
  createdAt: {},
} as const;

/** The list may mask it. */
const UNSHOWN = ["webhookUrl"] as const;

type Inputs = InputsOf<typeof fields>;
type State = StateOf<typeof fields, typeof outputs>;
type Recorded = Partial<State>;
type Ctx = Context<SecurityCenterConnection>;

/** The robot, once it is certain that the connection leads to where it was made. */
async function getOwnRobot(ctx: Ctx, id: string, purpose: Purpose): Promise<RobotRow | undefined> {
  await requireOwnSite(ctx, id);
  const row = await ctx.connection.getRobot(ctx, id, purpose);
  await requireOwnAccount(ctx, id, row);
  return row;
}

/** The robots that have a name before one gets it. */
async function namesakesOf(ctx: Ctx, name: string): Promise<RobotRow[]> {
  const { rows } = await ctx.connection.robotsBefore(ctx, name);
  return rows.filter((row) => trimmed(row.ActionName) === name && !ctx.connection.memory.isDeleted(row));
}

/** Finds the robot this resource stands for, or makes it. */
async function ensure(ctx: Ctx, inputs: Inputs): Promise<Ensured<RobotRow, State>> {
  const namesakes = await namesakesOf(ctx, inputs.name);
  const found = new Map(namesakes.map((row) => [row.Id, row]));
  const adopted = await findToAdopt(ctx, inputs.adopt, {
    noun: ROBOT,
    fields,
    inputs,
    idOf: (row) => row.Id,
    normaliseId: (given) => given,
    byId: async (id) => {
      const row = await ctx.connection.getRobot(ctx, id, "change");
      if (row === undefined || ctx.connection.memory.isDeleted(row)) {
        return undefined;
      }
      found.set(id, row);
      return row;
    },
    byName: () => Promise.resolve(namesakes),
    isIdentical: (row) => isIdentical(row, inputs),
    stateOf: (row) => Promise.resolve(fromWire(row, inputs)),
    partlyShown: (row) => (isShownInFull(row, inputs) ? [] : ["webhookUrl"]),
    // The create call makes an enabled robot; it is switched off afterwards.
    isUnfinished: (row) => !inputs.enabled && row.Status === 1 && isIdentical(row, inputs),
  } satisfies AdoptionSearch<RobotRow>);
  const taken = adopted === undefined ? undefined : found.get(adopted.id);
  if (adopted !== undefined && taken !== undefined) {
    // One that is taken over as declared counts as such; any other may have another webhook behind what is shown.
    const isWebhookKnown = adopted.isAsDeclared || isShownInFull(taken, inputs);
    return ensured(taken, isWebhookKnown ? inputs : withoutUnshown(inputs, UNSHOWN));
  }
  if (namesakes.length > 0) {
    throw new InputError(
      `Security Center already has a ${ROBOT} of this name: ${namesakes.map((row) => row.Id).join(", ")}.`,
      {
        hint: `Take it over with \`adopt: { id }\` (or \`adopt: "byName"\`) if it is as declared, or have it changed with \`adopt: { id, overwrite: true }\`; else declare another name: two robots of one name could not be told apart.`,
      },
    );
  }
  const params = await toWire(ctx, inputs, undefined);
  const made = await createAndFind(ctx, {
    name: inputs.name,
    create: () => createOrUpdateDingTalk(ctx.connection.client, params, ctx),
    hasWebhook: (row) => shownValue(row.Url, inputs.webhookUrl) === inputs.webhookUrl,
    isIdentical: (row) => isIdentical(row, inputs),
  });
  // Ours from this moment on: the next create of this name must not take it over.
  ctx.ids.take(made.Id, ctx.identity?.key);
  return ensured(made, inputs);
}

/** What is recorded of a robot, and what to record should it not be readable again. */
function ensured(row: RobotRow, known: Recorded & Inputs): Ensured<RobotRow, State> {
  const isReadable = unpackAlertRules(row.ConfigList) !== undefined;
  const unread = {
    ...known,
    enabled: row.Status === 1,
    robotId: row.Id,
    createdAt: instantOf(row.GmtCreate),
  };
  return { id: row.Id, live: row, known: isReadable ? fromWire(row, known) : unread };
}

/** Changes what differs, and gives what the list shows afterwards. */
async function change(
  ctx: Ctx,
  id: string,
  row: RobotRow,
  recorded: Recorded,
  inputs: Inputs,
): Promise<RobotRow> {
  const { changed } = diff(fields, fromWire(row, recorded), inputs, id);
  if (changed.includes("name")) {
    await warnOfNamesakes(ctx, id, inputs.name);
  }
  const isOverwritten = changed.some((name) => name !== "enabled");
  const live = isOverwritten ? await overwrite(ctx, row, inputs) : row;
  // An overwrite may have reset the status, so it is compared with what the list says afterwards.
  return (live.Status === 1) === inputs.enabled ? live : switchRobot(ctx, id, inputs.enabled);
}

/** A create refuses a name that is taken; a change may be one half of an exchange of names, so it only says so. */
async function warnOfNamesakes(ctx: Ctx, id: string, name: string): Promise<void> {
  const others = (await namesakesOf(ctx, name)).filter((row) => row.Id !== id);
  if (others.length > 0) {
    ctx.log.warn(
      `The ${ROBOT} ${id} gets the name of another one: ${others.map((row) => row.Id).join(", ")}. Two robots of one name cannot be told apart when one has to be made again: give each a name of its own.`,
    );
  }
}

/** Sends every field, since it is not known whether an update keeps those that are left out. */
async function overwrite(ctx: Ctx, row: RobotRow, inputs: Inputs): Promise<RobotRow> {
  return overwriteRobot(ctx, row.Id, await toWire(ctx, inputs, row), {
    isAsDeclared: (live) => isIdentical(live, inputs),
    isCertain: (live) => isShownInFull(live, inputs),
  });
}

async function toWire(
  ctx: Ctx,
  inputs: Inputs,
  live: RobotRow | undefined,
): Promise<CreateOrUpdateDingTalkParams> {
  const {
    name,
    webhookUrl: url,
    language,
    notificationInterval,
    assetGroupIds,
    alertRules,
    ...rest
  } = inputs;
  // `enabled` has a call of its own, and `adopt` is ours. A field that is not dealt with here does not compile.
  const { enabled: _enabled, adopt: _adopt, ...forgotten } = rest;
  forgotten satisfies Record<string, never>;
  const rules = await withFullTypes(ctx, alertRules ?? [], live);
  const groups = assetGroupIds ?? [];
  // What is not declared is left out of a create, and emptied by an update.
  const isSent = (list: readonly unknown[]): boolean => live !== undefined || list.length > 0;
  return {
    Id: live?.Id,
    RuleActionName: name,
    SendUrl: url,
    IntervalTime: String(notificationInterval),
    DingTalkLang: language,
    ConfigList: isSent(rules) ? packAlertRules(rules) : undefined,
    GroupIdList: isSent(groups) ? packGroupIds(groups) : undefined,
  };
}

function fromWire(row: RobotRow, known: Recorded): Complete<State> {
  const rules = unpackAlertRules(row.ConfigList);
  if (rules === undefined) {
    throw new ReplyShapeError(`Robot ${row.Id} has alert rules in a form that this release does not know.`, {
      hint: "Please report this, with the ConfigList that DescribeDingTalk answers.",
    });
  }
  const groups = unpackGroupIds(row.GroupIdList);
  return {
    name: trimmed(row.ActionName),
    webhookUrl: shownValue(row.Url, known.webhookUrl),
    language: row.DingTalkLang === "en" ? "en" : "zh",
    notificationInterval: row.IntervalTime ?? 0,
    assetGroupIds: groups.length === 0 ? undefined : groups,
    alertRules: rules.length === 0 ? undefined : inWordsOf(known.alertRules, rules),
    enabled: row.Status === 1,
    adopt: known.adopt ?? "identical",
    robotId: row.Id,
    createdAt: instantOf(row.GmtCreate),
  };
}

/** Whether the list shows the webhook whole, and it is the declared one. */
function isShownInFull(row: RobotRow, inputs: Inputs): boolean {
  return trimmed(row.Url ?? "") === inputs.webhookUrl;
}

/** Whether a robot is what a create would make. Its status is not compared: the call cannot set it. */
function isIdentical(row: RobotRow, inputs: Inputs): boolean {
  if (unpackAlertRules(row.ConfigList) === undefined) {
    return false;
  }
  const state = fromWire(row, inputs);
  return diff(fields, { ...state, enabled: inputs.enabled }, inputs, row.Id).changed.length === 0;
}

function instantOf(ms: number | null | undefined): string | undefined {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** The definition of `DingTalkRobot`. */
export const dingTalkRobot: ResourceDefinition<typeof fields, typeof outputs, SecurityCenterConnection> = {
  token: "securitycenter:DingTalkRobot",
  noun: ROBOT,
  fields,
  outputs,
  normaliseId: normaliseRobotId,
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
  crossCheck(inputs, findings, given) {
    if (
      inputs["alertRules"] === undefined &&
      !findings.issues.some(({ path }) => path.startsWith("alertRules"))
    ) {
      findings.warn(
        "alertRules",
        "is not given. What the service sends without rules is not documented: give some to be sure.",
      );
    }
    checkAdopt(inputs, findings, given);
  },
  ...objectLifecycle<SecurityCenterConnection, RobotRow, Inputs, State>({
    service: "Security Center",
    noun: ROBOT,
    fields,
    unshown: UNSHOWN,
    // Robots of one name one after another: their ids could not be told apart.
    ensure: (ctx, inputs) => ctx.connection.inTurn(inputs.name, () => ensure(ctx, inputs)),
    look: getOwnRobot,
    lookAgain: (ctx, id) => ctx.connection.getRobotAnew(ctx, id),
    stateOf: (_ctx, row, known) => Promise.resolve(fromWire(row, known)),
    change,
    delete: deleteRobot,
  }),
};
