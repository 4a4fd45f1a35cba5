import type { Clock } from "../frame/clock";
import type { Random } from "../frame/random";
import { Table } from "../frame/table";
import type { Group, Message, Refusal } from "./entities";
import * as members from "./members";

/** Messages, and refusals, that are kept; the oldest go first. */
export const MAX_MESSAGES = 10_000;

/** The length of a real token. */
const TOKEN_DIGITS = 64;

/** Groups and what arrived in them. Tests may look and change at will. */
export class Store {
  readonly groups: Table<Group>;
  readonly messages: Table<Message>;
  readonly refusals: Table<Refusal>;
  private lastMessage = 0;
  private lastRefusal = 0;

  constructor(clock: Clock, random: Random, initial: readonly Partial<Group>[]) {
    this.groups = new Table<Group>("group", (group) => group.token, members.GROUP, {
      complete: (row) => ({
        token: random.hex(TOKEN_DIGITS),
        name: "group",
        secret: undefined,
        keywords: [],
        allowedAddresses: [],
        enabled: true,
        ...row,
      }),
      removed: ({ token }) => {
        for (const message of this.messagesOf(token)) {
          this.messages.remove(String(message.number));
        }
      },
    });
    this.messages = new Table<Message>("message", ({ number }) => String(number), members.MESSAGE, {
      complete: (row) => ({
        number: this.lastMessage + 1,
        token: "",
        msgtype: "text",
        title: undefined,
        text: "",
        atMobiles: [],
        atUserIds: [],
        isAtAll: false,
        signed: false,
        atMs: clock.now(),
        ...row,
      }),
      added: ({ number }) => {
        this.lastMessage = Math.max(this.lastMessage, number);
      },
      maxRows: MAX_MESSAGES,
    });
    this.refusals = new Table<Refusal>("refusal", ({ number }) => String(number), members.REFUSAL, {
      complete: (row) => ({
        number: this.lastRefusal + 1,
        token: undefined,
        errcode: 0,
        errmsg: "",
        atMs: clock.now(),
        ...row,
      }),
      added: ({ number }) => {
        this.lastRefusal = Math.max(this.lastRefusal, number);
      },
      maxRows: MAX_MESSAGES,
    });
    for (const group of initial) {
      this.groups.add(group);
    }
    this.groups.keepAsInitial();
  }

  /** Back to the groups of the start with the tokens of the start, without messages. */
  reset(): void {
    for (const table of Object.values(this.tables())) {
      table.restore();
    }
    this.lastMessage = 0;
    this.lastRefusal = 0;
  }

  /** The messages of a group, oldest first. */
  messagesOf(token: string): Message[] {
    return this.messages.list().filter((message) => message.token === token);
  }

  /** The tables that tests and the control address see. */
  tables(): Pick<Store, "groups" | "messages" | "refusals"> {
    return { groups: this.groups, messages: this.messages, refusals: this.refusals };
  }
}
