import { diff } from "../fields/diff";
import { IncompleteError, InputError, messageOf, WrongTenancyError } from "../errors";
import type { FieldTable } from "../fields/fields";

/** How an object is brought to what was declared. */
export interface Convergence<State extends object> {
  /** For example "ZStack": who accepted a change without keeping it. */
  readonly service: string;
  readonly id: string;
  readonly fields: FieldTable;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Looks, then changes the difference. */
  change(): Promise<void>;
  /** The object afterwards; `undefined` when it is gone. `changed` says whether `change` succeeded. */
  readBack(changed: boolean): Promise<State | undefined>;
  /** What to record when the object cannot be read, or found, right after it was made. Without it such a failure is thrown as it is. */
  readonly assumed?: State | undefined;
  /** The error for an object that is gone. */
  gone(): Error;
}

/**
 * Changes an object and reads it back, whatever happened in between.
 *
 * @returns the state, which is as declared
 * @throws IncompleteError with the state as the server has it, when it is not as declared; so the engine keeps the object and the
 *   next update finishes the work
 */
export async function converge<State extends object>(task: Convergence<State>): Promise<State> {
  const failure = await failureOf(() => task.change());
  // What another place holds under this id is not this object, so it must not be recorded as such. And nothing was changed; only of an
  // object that was just made the id must not be lost.
  if (failure instanceof WrongTenancyError || (failure instanceof InputError && task.assumed === undefined)) {
    throw failure;
  }
  let state: State | undefined;
  try {
    state = await task.readBack(failure === undefined);
  } catch (error) {
    if (task.assumed === undefined) {
      throw failure ?? error;
    }
    const reasons = [failure, error].filter((one) => one !== undefined).map(messageOf);
    throw new IncompleteError(task.id, task.assumed, reasons, failure ?? error);
  }
  if (state === undefined && task.assumed !== undefined) {
    const reason = `It was made as ${task.id}, but is not found: it was deleted at once, or this identity may not see it. Look for it in the console, as another account if need be; then give this one the right to see it, or run \`pulumi refresh\` if it is gone.`;
    throw new IncompleteError(task.id, task.assumed, [reason], failure);
  }
  if (state === undefined) {
    throw failure ?? task.gone();
  }
  if (failure !== undefined) {
    throw new IncompleteError(task.id, state, [messageOf(failure)], failure);
  }
  const { changed } = diff(task.fields, state as Record<string, unknown>, task.inputs, task.id);
  if (changed.length > 0) {
    const reasons = changed.map(
      (name) =>
        `${name}: ${task.service} accepted the change, but still has another value. Run the command again; if it stays, ${task.service} does not keep what is declared: declare what it has.`,
    );
    throw new IncompleteError(task.id, state, reasons);
  }
  return state;
}

async function failureOf(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}

/** The error for an object that somebody deleted while the stack still has it. */
export function goneError(noun: string, id: string): InputError {
  return new InputError(`The ${noun} ${id} was deleted outside Pulumi.`, {
    hint: "Run `pulumi refresh`, then `pulumi up` to create it again; or `pulumi up --refresh`, which does both.",
  });
}
