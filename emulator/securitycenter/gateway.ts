import type { WireReply, WireRequest } from "../frame/exchange";
import type { Described } from "../frame/journal";
import { redactText, redactValue } from "../frame/redact";
import type { Answer } from "../frame/site";
import type { Account } from "./account";
import type { Context } from "./context";
import { requireEdition } from "./edition";
import { ApiFailure, fail, failMissing } from "./errors";
import type { SecurityCenterFault } from "./faults";
import { FlowControl, throttled } from "./flow-control";
import type { Operation } from "./operation";
import { OPERATIONS } from "./operations";
import { Parameters } from "./parameters";
import { permit } from "./permission";
import { errorReply, successReply, type Stamp } from "./reply";
import { ownParameters, readRpcRequest, type RpcRequest } from "./rpc-request";
import { Verifier } from "./verifier";

/** The version of the API, the only one (section 1). */
const API_VERSION = "2018-12-03";
const API_PATH = "/";
const METHODS: ReadonlySet<string> = new Set(["GET", "POST"]);

/** The RPC gateway of one site: everything around the operations, in the order of 14.2. */
export class Gateway {
  private readonly context: Context;
  private readonly verifier: Verifier;
  private readonly flowControl: FlowControl;

  constructor(context: Context, account: Account) {
    this.context = context;
    this.verifier = new Verifier(account, context.clock);
    this.flowControl = new FlowControl(context.clock);
  }

  /** Forgets nonces and counters. */
  reset(): void {
    this.verifier.reset();
    this.flowControl.clear();
  }

  /** What a request is, for journal and faults. */
  describe(wire: WireRequest): Described {
    const request = readRpcRequest(wire);
    const operation = operationOf(request);
    const claimed = claimedDetails(request);
    return {
      path: redactText(wire.path),
      auth: request.signatureVersion === "none" ? "none" : "accessKey",
      changing: operation?.changing ?? false,
      body: redactValue(ownParameters(request)),
      details: { signatureVersion: request.signatureVersion, ...claimed },
      ...(operation === undefined ? {} : { operation: operation.name }),
    };
  }

  /** Answers a request. */
  async handle(wire: WireRequest, fault: SecurityCenterFault | undefined): Promise<Answer> {
    const request = readRpcRequest(wire);
    const stamp = this.stamp();
    return { reply: await this.reply(request, fault, stamp) };
  }

  private async reply(
    request: RpcRequest,
    fault: SecurityCenterFault | undefined,
    stamp: Stamp,
  ): Promise<WireReply> {
    try {
      return successReply(request, await this.run(request, fault), stamp);
    } catch (error) {
      if (error instanceof ApiFailure) {
        return errorReply(request, error, stamp);
      }
      throw error;
    }
  }

  private async run(request: RpcRequest, fault: SecurityCenterFault | undefined): Promise<object> {
    const operation = requireOperation(request);
    if (request.contradiction !== undefined) {
      fail(400, "InvalidParameter", `The parameter ${request.contradiction} has two different values.`);
    }
    const { switches } = this.context;
    const key = this.verifier.verify(request);
    if (fault?.kind === "throttled") {
      throw throttled(fault);
    }
    this.flowControl.admit(key.accountId, switches.requestsPerSecond);
    permit(operation.name, switches);
    const planned =
      fault?.kind === "apiError"
        ? new ApiFailure(fault.status ?? 400, fault.code, fault.message ?? fault.code)
        : undefined;
    if (planned !== undefined && !(fault?.kind === "apiError" && fault.committed === true)) {
      throw planned;
    }
    if (operation.needsEdition) {
      requireEdition(switches);
    }
    const result = await operation.run({
      context: this.context,
      parameters: new Parameters(request.parameters, switches),
      aliUid: Number(key.accountId),
      fault,
    });
    if (planned !== undefined) {
      throw planned;
    }
    return result;
  }

  private stamp(): Stamp {
    const { random, clock } = this.context;
    const requestId = random
      .uuid()
      .toUpperCase()
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    return { requestId, nowMs: clock.now() };
  }
}

/** The operation of a request that asks for one in the only way there is. */
function operationOf({ wire, action }: RpcRequest): Operation | undefined {
  if (wire.path !== API_PATH || !METHODS.has(wire.method) || action === undefined) {
    return undefined;
  }
  return OPERATIONS.get(action);
}

/** Action first, then version (14.2). */
function requireOperation(request: RpcRequest): Operation {
  if (request.action === undefined) {
    failMissing("Action");
  }
  const operation = operationOf(request);
  if (operation === undefined) {
    fail(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
  }
  if (request.apiVersion === undefined) {
    failMissing("Version");
  }
  if (request.apiVersion !== API_VERSION) {
    fail(400, "InvalidVersion", "Specified parameter Version is not valid.");
  }
  return operation;
}

/** Nonce and key as the request names them, and whether it comes with an STS token. */
function claimedDetails({ wire, parameters, signatureVersion }: RpcRequest): Record<string, string> {
  const details: Record<string, string> = {};
  const put = (name: string, value: unknown): void => {
    if (typeof value === "string") {
      details[name] = value;
    }
  };
  if (signatureVersion === "V3") {
    put("nonce", wire.headers["x-acs-signature-nonce"]);
    put("accessKeyId", /Credential=([^,\s]+)/.exec(wire.headers.authorization ?? "")?.[1]);
    if (wire.headers["x-acs-security-token"] !== undefined) {
      put("credential", "sts");
    }
  } else if (signatureVersion === "V1") {
    put("nonce", parameters.get("SignatureNonce"));
    put("accessKeyId", parameters.get("AccessKeyId"));
    if (parameters.has("SecurityToken")) {
      put("credential", "sts");
    }
  }
  return details;
}
