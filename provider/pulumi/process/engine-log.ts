import { createRequire } from "node:module";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "../../core/lifecycle/definition";

/**
 * Writes to the row of a resource in Pulumi's display. Never with severity ERROR: the engine would show an operation that
 * succeeds as failed. Nothing here can fail an operation: a line that cannot be delivered is dropped.
 */
export class EngineLog {
  private readonly client: EngineClient | undefined;

  /** @param address where the engine listens; `undefined` when there is none, as in tests */
  constructor(
    address: string | undefined,
    private readonly redact: (text: string) => string,
  ) {
    this.client = address === undefined ? undefined : new EngineClient(address, insecureCredentials());
  }

  /** A log for one resource. Without a URN the lines go to the row of the stack. */
  forResource(urn: string | undefined): Log {
    return {
      progress: (message) => {
        this.send(LogSeverity.INFO, message, urn, true);
      },
      note: (message) => {
        this.send(LogSeverity.INFO, message, urn, false);
      },
      warn: (message) => {
        this.send(LogSeverity.WARNING, message, urn, false);
      },
    };
  }

  private send(severity: LogSeverity, message: string, urn: string | undefined, ephemeral: boolean): void {
    if (this.client === undefined) {
      return;
    }
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(this.redact(message));
    request.setUrn(urn ?? "");
    request.setEphemeral(ephemeral);
    this.client.log(request, () => undefined);
  }
}

type Credentials = ConstructorParameters<typeof EngineClient>[1];

/** From the copy of gRPC that Pulumi itself uses: another one's credentials may not fit, and strict installers hide it from us. */
function insecureCredentials(): Credentials {
  const requireLikePulumi = createRequire(require.resolve("@pulumi/pulumi"));
  const grpc = requireLikePulumi("@grpc/grpc-js") as { credentials: { createInsecure(): Credentials } };
  return grpc.credentials.createInsecure();
}
