import { flag, integer, list, moment, text, word, type Members } from "../frame/value";
import type { Group, Message, Refusal } from "./entities";

/** What may be said of groups, and of what arrived in them. */

export const GROUP: Members<Group> = {
  token: word("The access_token of the robot's webhook; a random one by default."),
  name: text("Its name."),
  secret: text("The robot's signing secret (SEC…); without one, signatures are not looked at.").optional(),
  keywords: list("A message must contain one of them; none is no rule.", word("")),
  allowedAddresses: list("Addresses that may post; none is no rule.", word("")),
  enabled: flag("Off, the robot is stopped."),
};

export const MESSAGE: Members<Message> = {
  number: integer("1, 2, 3 … in order of arrival, over all groups.", 1),
  token: text("The group's."),
  msgtype: text("text, markdown, link, actionCard or feedCard."),
  title: text("Its title.").optional(),
  text: text("Its text."),
  atMobiles: list("Phone numbers that it mentions, as they were sent.", text("")),
  atUserIds: list("User ids that it mentions.", text("")),
  isAtAll: flag("Whether it mentions everybody."),
  signed: flag("Whether it came with a signature that was verified."),
  atMs: moment("When it arrived."),
};

export const REFUSAL: Members<Refusal> = {
  number: integer("1, 2, 3 … in order of arrival.", 1),
  token: text("What the webhook had for a token.").optional(),
  errcode: integer("DingTalk's code.", -2_147_483_647, 2_147_483_647),
  errmsg: text("Its text."),
  atMs: moment("When."),
};
