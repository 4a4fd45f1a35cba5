/** What a signed request claims, before anything of it is believed. */
export interface Claim {
  readonly accessKeyId: string;
  readonly securityToken: string | undefined;
  /** As sent; `undefined` when it is missing. */
  readonly timestamp: string | undefined;
  readonly nonce: string;
  readonly signature: string;
  /** False when the body is not the one that was signed. */
  readonly bodyIntact: boolean;
  /** What the server signs; shown to a client whose signature differs. */
  readonly stringToSign: string;
  /** What the string to sign is a digest of, where it is one. */
  readonly canonicalRequest?: string;
  /** The signature that the secret gives. */
  sign(secret: string): string;
}
