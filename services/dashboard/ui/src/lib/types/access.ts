// Who may do what.

export type Role = 'viewer' | 'operator' | 'admin';

/** By what a person says who they are; no kind: the server asks nobody. */
export interface Access {
  kinds: ('token' | 'oidc')[];
  /** `clientId` is null where the server takes the issuer's tokens but the page cannot sign anybody in. */
  oidc: { authority: string; clientId: string | null; scope: string } | null;
}

/** Whom the server takes this browser for. */
export interface Me {
  name: string;
  role: Role;
  /** Whose prompts are seen, at least one, the one that is sent for first; null: everybody's. */
  tenants: string[] | null;
}
