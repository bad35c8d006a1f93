import type { OidcClient, RefreshState, SigninResponse } from 'oidc-client-ts';
import type { Login } from './credentials';
import type { Access } from './types';

/** An issuer that the page signs people in with: authorization code with PKCE, as a public client. */
export type Issuer = NonNullable<Access['oidc']>;

// Only servers with an issuer need it.
const library = () => import('oidc-client-ts');

async function client({ authority, clientId, scope }: Issuer): Promise<OidcClient> {
  const { OidcClient, WebStorageStateStore } = await library();
  // One address for every view: issuers want to know it beforehand. The view asked for travels in the state.
  const home = `${location.origin}/`;
  return new OidcClient({
    authority,
    client_id: clientId ?? '',
    scope,
    redirect_uri: home,
    post_logout_redirect_uri: home,
    stateStore: new WebStorageStateStore({ prefix: 'circuitstream.oidc.', store: sessionStorage }),
  });
}

function loginOf(response: SigninResponse): Login {
  return {
    token: response.access_token,
    at: Date.now(),
    expiresAt: response.expires_at === undefined ? null : response.expires_at * 1000,
    refreshToken: response.refresh_token ?? null,
    idToken: response.id_token ?? null,
    scope: response.scope ?? null,
  };
}

/** Where the browser goes to sign in; `again`: whom the issuer remembers it asks all the same. */
export async function signInAddress(issuer: Issuer, state: { address: string }, again: boolean): Promise<string> {
  const request = await (await client(issuer)).createSigninRequest({ state, ...(again ? { prompt: 'login' } : {}) });
  return request.url;
}

/** The login that the issuer's answer in an address stands for, with the state that was sent; throws an Error else. */
export async function signedIn(issuer: Issuer, address: string): Promise<{ login: Login; state: unknown }> {
  const response = await (await client(issuer)).processSigninResponse(address);
  return { login: loginOf(response), state: response.userState };
}

/** The state that a refusal of the issuer came with. */
export function stateOf(refusal: unknown): unknown {
  return typeof refusal === 'object' && refusal !== null && 'state' in refusal ? refusal.state : undefined;
}

/** A login by the refresh token; null when the issuer refuses it. Throws an Error when the issuer does not answer. */
export async function refreshed(issuer: Issuer, { refreshToken, idToken, scope }: Login): Promise<Login | null> {
  const { ErrorResponse } = await library();
  const state: RefreshState = {
    refresh_token: refreshToken ?? '',
    session_state: null,
    // What the page does not look at.
    profile: { sub: '', iss: '', aud: '', exp: 0, iat: 0 },
    ...(idToken === null ? {} : { id_token: idToken }),
    ...(scope === null ? {} : { scope }),
  };
  try {
    const login = loginOf(await (await client(issuer)).useRefreshToken({ state }));
    // An issuer that gives no other goes on with this one.
    return { ...login, refreshToken: login.refreshToken ?? refreshToken };
  } catch (error) {
    if (error instanceof ErrorResponse) return null;
    throw error;
  }
}

/** Where the browser goes to end the issuer's session too; null where it has no such place. */
export async function signOutAddress(issuer: Issuer, { idToken, refreshToken }: Login): Promise<string | null> {
  const one = await client(issuer);
  if (await one.metadataService.getEndSessionEndpoint()) {
    return (await one.createSignoutRequest(idToken === null ? {} : { id_token_hint: idToken })).url;
  }
  // As good as it goes: not every issuer takes one back, and some do without a word of what type their answer is.
  if (refreshToken !== null) await one.revokeToken(refreshToken, 'refresh_token').catch(() => undefined);
  return null;
}
