/**
 * Pulumi notes a stack trace for each of the promises behind a resource's outputs: some seventy for one resource of ours, which takes
 * longer than everything else that its program does for it. They are only printed for promises that were never settled, when
 * PULUMI_DEBUG_PROMISE_LEAKS is set; then they are left alone.
 */
export class PromiseStacks {
  private limit: number | undefined;

  /** From here on new errors have no stack trace. Nothing that is not Pulumi's may run until `restore`. */
  suppress(): void {
    if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] === undefined && this.limit === undefined) {
      this.limit = Error.stackTraceLimit;
      Error.stackTraceLimit = 0;
    }
  }

  restore(): void {
    if (this.limit !== undefined) {
      Error.stackTraceLimit = this.limit;
      this.limit = undefined;
    }
  }

  /** An error that was thrown in between, with the stack trace of whoever called `caller`. */
  traced(error: unknown, caller: Parameters<typeof Error.captureStackTrace>[1]): unknown {
    if (this.limit !== undefined && error instanceof Error) {
      this.restore();
      Error.captureStackTrace(error, caller);
    }
    return error;
  }
}
