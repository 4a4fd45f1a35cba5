/** Fixed English descriptions by code (section 4.2). */
export const DESCRIPTIONS = {
  "SYS.1000": "An internal error happened in system",
  "SYS.1001": "An operation or a message timed out",
  "SYS.1003": "Unable to find requested resource",
  "SYS.1006": "Operation failed",
  "SYS.1007": "One or more API argument is invalid",
  "SYS.1010": "Management node is not ready yet",
  "ID.1000": "Unable to log in",
  "ID.1001": "Session is invalid",
  "ID.1002": "Permission is denied",
  "ID.1003": "Quota is exceeded",
  "ID.1005": "The account or user cannot log in",
  "ID.1006": "Too many sessions",
  "ID.2001": "A second factor is needed",
  "LOGIN_CONTROL.1000": "Password has expired",
  "LOGIN_CONTROL.1002": "Account is locked",
  "LOGIN_CONTROL.1003": "Captcha is wrong",
  "LOGIN_CONTROL.1004": "Source address is refused",
  "LOGIN_CONTROL.1005": "Captcha is needed",
} as const;

/** A machine code of the API. */
export type ErrorCode = keyof typeof DESCRIPTIONS;

/** The languages that details come in (section 4.1). */
export type Locale = "zh_CN" | "en_US";

/** One text in both languages. */
export type Localized = Readonly<Record<Locale, string>>;

/** An error of the API: HTTP 503 with a JSON body, whatever the cause (section 4.1). */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly code: string;
  readonly details: Localized;

  constructor(code: string, details: Localized) {
    super(`${code}: ${details.en_US}`);
    this.code = code;
    this.details = details;
  }
}

/** An error of the REST layer: bare text with a status of its own (section 1). */
export class TextFailure extends Error {
  override readonly name = "TextFailure";
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** Fails with bare text. */
export function textFailure(status: number, text: string): never {
  throw new TextFailure(status, text);
}

/** Fails with a localized error. */
export function fail(code: ErrorCode, en_US: string, zh_CN: string): never {
  throw new ApiFailure(code, { en_US, zh_CN });
}

/** SYS.1007: an argument is invalid. */
export function invalid(en_US: string, zh_CN: string): never {
  fail("SYS.1007", en_US, zh_CN);
}

/** SYS.1003: a uuid that another member refers to, or the object itself, does not exist. */
export function notFound(field: string, uuid: string, type: string): never {
  fail(
    "SYS.1003",
    `invalid field[${field}], resource[uuid:${uuid}, type:${type}] not found`,
    `无效字段[${field}],找不到资源[uuid:${uuid},类型:${type}]`,
  );
}

/** SYS.1006: a business rule refuses. */
export function refused(en_US: string, zh_CN: string): never {
  fail("SYS.1006", en_US, zh_CN);
}

/** SYS.1000: an unhandled exception or a database constraint; never localized (section 4.1). */
export function internal(text: string): never {
  fail("SYS.1000", text, text);
}
