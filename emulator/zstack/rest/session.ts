import { createHash } from "node:crypto";
import { moment } from "../../frame/value";
import type { Context } from "./context";
import { renderDate } from "./dates";
import { fail } from "./errors";
import type { Inventory } from "./inventory";
import { requiredText, textOf, type Call, type Command, type Field } from "./operation";
import { part } from "./part";
import { ACCOUNT_MEMBER, UUID_MEMBER, type TableSpec } from "./store";
import { ofClass } from "./wire";

/** A login. */
export interface Session {
  uuid: string;
  accountUuid: string;
  createdMs: number;
  expiresMs: number;
}

export const sessions: TableSpec<"sessions", Session> = {
  name: "sessions",
  noun: "session",
  key: (row) => row.uuid,
  members: {
    uuid: UUID_MEMBER,
    accountUuid: ACCOUNT_MEMBER,
    createdMs: moment("When the login was; now by default."),
    expiresMs: moment("When it ends; in two hours by default."),
  },
  complete: (row, { uuid, accountUuid, now }) => ({
    uuid: uuid(),
    accountUuid,
    createdMs: now(),
    // Two hours, the default of identity/session.timeout (section 2.2).
    expiresMs: now() + 7_200_000,
    ...row,
  }),
};

/** A session as a login answers it (section 2.1). */
function sessionInventory(row: Session, context: Context): Inventory {
  return ofClass("org.zstack.header.identity.SessionInventory", {
    uuid: row.uuid,
    accountUuid: row.accountUuid,
    userUuid: row.accountUuid,
    expiredDate: renderDate(row.expiresMs, context.switches),
    createDate: renderDate(row.createdMs, context.switches),
    noSessionEvaluation: false,
  });
}

const TEXT = (name: string, required = true): Field =>
  required ? { name, type: "string", required: true } : { name, type: "string" };

/** Section 2.1. */
const login: Command = {
  name: "LogInByAccount",
  method: "PUT",
  paths: ["/accounts/login"],
  kind: "sync",
  wrapper: "logInByAccount",
  open: true,
  changing: false,
  fields: [
    TEXT("accountName"),
    TEXT("password"),
    TEXT("accountType", false),
    TEXT("captchaUuid", false),
    TEXT("verifyCode", false),
    { name: "clientInfo", type: "map" },
  ],
  run: runLogin,
};

function runLogin(call: Call): Inventory {
  const { params, context } = call;
  const { store, switches, clock, credentials, counters, accountUuid } = context;
  refuseByLoginControl(call);
  const expected = createHash("sha512").update(credentials.accountPassword).digest("hex");
  if (
    requiredText(params, "accountName") !== credentials.accountName ||
    requiredText(params, "password") !== expected
  ) {
    counters.failedLogins += 1;
    wrongLogin();
  }
  counters.failedLogins = 0;

  const now = clock.now();
  const table = store.of(sessions);
  for (const session of table.rows()) {
    const isMine = session.accountUuid === accountUuid;
    if (session.expiresMs <= now || (isMine && switches.uniqueSession)) {
      table.remove(session.uuid);
    }
  }
  const open = table.rows().filter((session) => session.accountUuid === accountUuid).length;
  if (open >= switches.maxSessions) {
    fail(
      "ID.1006",
      `too many sessions, at most ${String(switches.maxSessions)}`,
      `会话数超过${String(switches.maxSessions)}`,
    );
  }
  const session = table.add({
    accountUuid,
    createdMs: now,
    expiresMs: now + switches.sessionTimeoutSeconds * 1000,
  });
  return { inventory: sessionInventory(session, context) };
}

function wrongLogin(): never {
  fail("ID.1000", "wrong account name or password", "账户名或密码错误");
}

function refuseByLoginControl({ params, systemTags, context: { switches, counters } }: Call): void {
  const locked = switches.lockAfterFailures > 0 && counters.failedLogins >= switches.lockAfterFailures;
  switch (locked ? "locked" : switches.loginControl) {
    case "none":
      return;
    case "disabled":
      return fail("ID.1005", "the account cannot log in", "该账户不能登录");
    case "secondFactor":
      if (systemTags.some((tag) => /^twofatoken::\d+$/.test(tag))) {
        return;
      }
      return fail("ID.2001", "a second factor is needed", "需要双因子认证");
    case "passwordExpired":
      return fail("LOGIN_CONTROL.1000", "the password has expired", "密码已过期");
    case "locked":
      return fail("LOGIN_CONTROL.1002", "the account is locked", "账户已被锁定");
    case "captchaWrong":
      return fail("LOGIN_CONTROL.1003", "the captcha is wrong", "验证码错误");
    case "addressRefused":
      return fail("LOGIN_CONTROL.1004", "logins from this address are refused", "该地址禁止登录");
    case "captchaMissing":
      if (textOf(params, "captchaUuid") !== undefined && textOf(params, "verifyCode") !== undefined) {
        return;
      }
      return fail("LOGIN_CONTROL.1005", "a captcha is needed", "需要验证码");
  }
}

/** The other ways to log in exist, and know nobody (section 2.1). */
function foreignLogin(
  name: string,
  path: string,
  wrapper: string,
  fields: readonly string[],
  open = true,
): Command {
  return {
    name,
    method: "PUT",
    paths: [path],
    kind: "sync",
    wrapper,
    ...(open ? { open } : {}),
    changing: false,
    fields: fields.map((field) => TEXT(field)),
    run: () =>
      fail(
        "ID.1000",
        `${name} knows no users here: this emulator has accounts only, use PUT /accounts/login`,
        `${name}没有可用的用户,请使用PUT /accounts/login`,
      ),
  };
}

/** Section 2.2. */
const logout: Command = {
  name: "LogOut",
  method: "DELETE",
  paths: ["/accounts/sessions/{sessionUuid}"],
  kind: "sync",
  open: true,
  changing: false,
  fields: [TEXT("sessionUuid")],
  run: ({ params, context }) => {
    context.store.of(sessions).remove(requiredText(params, "sessionUuid"));
    return {};
  },
};

const validate: Command = {
  name: "ValidateSession",
  method: "GET",
  paths: ["/accounts/sessions/{sessionUuid}/valid"],
  kind: "sync",
  open: true,
  changing: false,
  fields: [TEXT("sessionUuid")],
  run: ({ params, context }) => {
    const session = context.store.of(sessions).row(requiredText(params, "sessionUuid"));
    return { valid: session !== undefined && session.expiresMs > context.clock.now(), success: true };
  },
};

const renew: Command = {
  name: "RenewSession",
  method: "PUT",
  paths: ["/accounts/sessions/{sessionUuid}/renew"],
  kind: "async",
  wrapper: "renewSession",
  changing: false,
  fields: [TEXT("sessionUuid"), { name: "duration", type: "integer", min: 60, max: 31_536_000 }],
  run: ({ params, context }) => {
    const { store, clock, switches } = context;
    const session = store.of(sessions).row(requiredText(params, "sessionUuid"));
    if (session === undefined) {
      fail("ID.1001", "Session expired", "会话已过期");
    }
    const seconds = typeof params.duration === "number" ? params.duration : switches.sessionTimeoutSeconds;
    session.expiresMs = clock.now() + seconds * 1000;
    return { inventory: sessionInventory(session, context) };
  },
};

export const session = part({
  tables: [sessions],
  operations: [
    login,
    logout,
    validate,
    renew,
    foreignLogin("LogInByUser", "/accounts/users/login", "logInByUser", ["userName", "password"]),
    foreignLogin("LogIn", "/login", "logIn", ["username", "password", "loginType"]),
    foreignLogin("LogInByLdap", "/ldap/login", "logInByLdap", ["uid", "password"]),
    foreignLogin("LoginIAM2VirtualID", "/iam2/virtual-ids/login", "loginIAM2VirtualID", ["name", "password"]),
    foreignLogin("LoginIAM2VirtualIDWithLdap", "/iam2/login/virtual-ids/ldap", "loginIAM2VirtualIDWithLdap", [
      "uid",
      "password",
    ]),
    // Needs a session, so it is an ordinary call (section 2.1).
    foreignLogin("LoginIAM2Project", "/iam2/projects/login", "loginIAM2Project", ["projectName"], false),
    foreignLogin("LoginByCas", "/cas/login/", "loginByCas", ["name", "password", "type"]),
  ],
});
