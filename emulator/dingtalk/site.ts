import { Faults } from "../frame/faults";
import type { Site, Surroundings } from "../frame/site";
import { SwitchBoard, switchMembers } from "../frame/switches";
import { flag, InputError, integer, list, partial } from "../frame/value";
import type { Group, Message, Refusal } from "./entities";
import { DINGTALK_FAULTS, type DingTalkFault } from "./faults";
import { GROUP } from "./members";
import { Receiver, SEND_OPERATION, SEND_PATH } from "./receiver";
import { Store } from "./store";
import { DINGTALK_SWITCHES, type DingTalkSwitches } from "./switches";
import { parsedUrl } from "../frame/url";

/** The host of every robot's webhook. */
export const WEBHOOK_HOST = "oapi.dingtalk.com";

/** How the emulated DingTalk starts: any switch, and groups that are there from the start and after each reset. */
export interface DingTalkOptions extends Partial<DingTalkSwitches> {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly groups?: readonly Partial<Group>[];
  /**
   * Messages that the emulated clouds send to https://oapi.dingtalk.com arrive here; true by default, so that a program
   * is tested with the webhooks it really has. Off, such messages are not sent at all.
   */
  readonly receivesForDingTalk?: boolean;
}

/** What the options of DingTalk may say. */
export const DINGTALK_OPTIONS = partial<Required<DingTalkOptions>>(
  "Port, groups and switches of the DingTalk that receives messages.",
  {
    port: integer("Its port; 0, the default, takes a free one.", 0, 65535),
    groups: list(
      "Groups that are there from the start, and after each reset with the same tokens.",
      partial("A group.", GROUP, "member of a group"),
    ),
    receivesForDingTalk: flag(
      "Messages that the emulated clouds send to https://oapi.dingtalk.com arrive here; true by default. Off, they are not sent at all.",
    ),
    ...switchMembers<typeof DINGTALK_SWITCHES>(DINGTALK_SWITCHES),
  },
  "option or switch of DingTalk",
);

/** A group as a test holds it. */
export interface GroupHandle extends Readonly<Group> {
  /** The robot's webhook as a program says it, at DingTalk's own host; the local one if that host is not received for. */
  readonly webhook: string;
  /** The same robot at the receiver itself, for clients outside of the emulator. */
  readonly localWebhook: string;
  /** What arrived so far, oldest first. */
  readonly messages: readonly Message[];
  /** What was turned away so far, oldest first. */
  readonly refusals: readonly Refusal[];
}

/** What a test holds of the emulated DingTalk. */
export interface DingTalkHandle extends ReturnType<Store["tables"]> {
  readonly url: string;
  /** Unknowns; assign to set: `dingtalk.switches.unknownToken = "newGroup"`. */
  readonly switches: DingTalkSwitches;
  readonly faults: Faults<DingTalkFault>;
  /** Makes a group; without a token it gets one that nobody can guess. */
  addGroup(group?: Partial<Group>): GroupHandle;
  /** The group of a token or of a whole webhook. Throws when there is none. */
  group(tokenOrWebhook: string): GroupHandle;
}

/** DingTalk's receiver of robot messages as the frame sees it. */
export class DingTalkSite implements Site<DingTalkFault> {
  readonly name = "dingtalk";
  readonly faults = new Faults<DingTalkFault>([SEND_OPERATION], DINGTALK_FAULTS);
  readonly control: Site["control"];
  readonly receivesForDingTalk: boolean;
  private readonly store: Store;
  private readonly board: SwitchBoard<typeof DINGTALK_SWITCHES>;
  private readonly receiver: Receiver;

  constructor({ clock, random }: Surroundings, options: DingTalkOptions = {}) {
    const { port: _port, groups = [], receivesForDingTalk = true, ...switches } = options;
    this.receivesForDingTalk = receivesForDingTalk;
    this.board = new SwitchBoard(DINGTALK_SWITCHES, switches);
    this.store = new Store(clock, random, groups);
    this.receiver = new Receiver(this.store, this.board.values, clock);
    this.control = {
      switches: this.board,
      tables: this.store.tables(),
      actions: {},
      connection: (url) =>
        Object.fromEntries(
          this.store.groups.list().map(({ name, token }) => [`webhook of ${name}`, this.webhook(token, url)]),
        ),
    };
  }

  /** It has a listener of its own. */
  owns(): boolean {
    return true;
  }

  describe(...args: Parameters<Receiver["describe"]>) {
    return this.receiver.describe(...args);
  }

  handle(...args: Parameters<Receiver["handle"]>) {
    return this.receiver.handle(...args);
  }

  reset(): void {
    this.board.reset();
    this.faults.clear();
    this.store.reset();
    this.receiver.reset();
  }

  /** The public handle. */
  handleFor(url: string): DingTalkHandle {
    return {
      url,
      ...this.store.tables(),
      switches: this.board.values,
      faults: this.faults,
      addGroup: (group = {}) => this.groupHandle(this.store.groups.add(group).token, url),
      group: (tokenOrWebhook) => this.groupHandle(tokenOf(tokenOrWebhook), url),
    };
  }

  private groupHandle(token: string, url: string): GroupHandle {
    const group = this.store.groups.get(token);
    if (group === undefined) {
      throw new InputError("There is no group with this token.");
    }
    const store = this.store;
    return {
      ...group,
      webhook: this.webhook(token, url),
      localWebhook: webhookAt(url, token),
      get messages() {
        return store.messagesOf(token);
      },
      get refusals() {
        return store.refusals.list().filter((refusal) => refusal.token === token);
      },
    };
  }

  private webhook(token: string, url: string): string {
    return webhookAt(this.receivesForDingTalk ? `https://${WEBHOOK_HOST}` : url, token);
  }
}

function webhookAt(base: string, token: string): string {
  return `${base}${SEND_PATH}?access_token=${encodeURIComponent(token)}`;
}

function tokenOf(tokenOrWebhook: string): string {
  if (parsedUrl(tokenOrWebhook) === undefined) {
    return tokenOrWebhook;
  }
  return new URL(tokenOrWebhook).searchParams.get("access_token") ?? tokenOrWebhook;
}
