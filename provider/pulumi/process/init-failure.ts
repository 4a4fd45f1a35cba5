import type { Bag } from "../wire";

/**
 * The form in which the engine keeps an object that exists but is not as asked: the dynamic provider process takes `id`,
 * `properties` and `reasons` from it by name. The properties hold secrets, so nothing that prints the error shows them.
 */
export class InitFailure extends Error {
  // eslint-disable-next-line no-restricted-syntax -- not even util.inspect shows it
  readonly #properties: Bag;

  constructor(
    message: string,
    readonly id: string,
    properties: Bag,
    readonly reasons: readonly string[],
  ) {
    super(message);
    this.#properties = properties;
  }

  /** What the server holds, with what Pulumi needs beside it. */
  get properties(): Bag {
    return this.#properties;
  }
}
