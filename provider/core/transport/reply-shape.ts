import type { z } from "zod";
import { ReplyShapeError } from "../errors";

/**
 * An answer in its documented shape. The error names the members that differ, never their values.
 *
 * @param hint the next step for the reader when it has another shape
 * @throws ReplyShapeError
 */
export function inShape<T>(action: string, shape: z.ZodType<T>, reply: unknown, hint: string): T {
  const result = shape.safeParse(reply);
  if (result.success) {
    return result.data;
  }
  const where = result.error.issues.map((issue) => `${issue.path.join(".")} (${issue.code})`).join(", ");
  throw new ReplyShapeError(`The answer to ${action} does not have the documented shape.`, {
    facts: { "Unexpected members": where },
    hint,
  });
}
