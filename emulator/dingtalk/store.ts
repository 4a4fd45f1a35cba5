import type { Clock } from "../frame/clock";
import type { Random } from "../frame/random";
import { Table } from "../frame/table";
import type { Group, Message, Refusal } from "./entities";

/** The length of a real token. */
const TOKEN_DIGITS = 64;

/** Groups and what arrived in them. Tests may look and change at will. */
export class Store {
  readonly groups: Table<Group>;
  readonly messages: Table<Message>;
  readonly refusals: Table<Refusal>;
  readonly #initial: readonly Partial<Group>[];

  constructor(clock: Clock, random: Random, initial: readonly Partial<Group>[]) {
    this.#initial = initial;
    this.groups = new Table<Group>((group) => group.token, {
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
        for (const message of this.messagesOf(token)) this.messages.remove(String(message.number));
      },
    });
    this.messages = new Table<Message>((message) => String(message.number), {
      complete: (row) => ({
        number: (this.messages.rows().at(-1)?.number ?? 0) + 1,
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
    });
    this.refusals = new Table<Refusal>((refusal) => String(refusal.number), {
      complete: (row) => ({
        number: this.refusals.size + 1,
        token: undefined,
        errcode: 0,
        errmsg: "",
        atMs: clock.now(),
        ...row,
      }),
    });
    this.reset();
  }

  /** Back to the groups of the start, without messages. */
  reset(): void {
    for (const table of Object.values(this.tables())) table.clear();
    for (const group of this.#initial) this.groups.add(group);
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
