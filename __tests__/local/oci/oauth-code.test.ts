import { callback, claimsOf, OAuthWorld, pkce } from "./oauth-browser";

let world: OAuthWorld;
beforeAll(async () => {
  world = await OAuthWorld.start();
});
afterAll(() => world.close());

describe("the authorization code", () => {
  test("leads a public client with PKCE to a user's token", async () => {
    const api = await world.app();
    const client = await world.publicClient();
    const user = await world.activeUser();
    const { verifier, parameters } = pkce();
    const scope = `${api.audience}read ${api.audience}write`;
    const state = "a b&c=ä";
    const back = await world.signIn(world.browser(), user.userName, client, { scope, state, ...parameters });
    expect(back.status).toBe(302);
    expect(back.location?.href).toMatch(`${callback}?`);
    expect(back.location?.searchParams.get("state")).toBe(state);
    const code = back.location?.searchParams.get("code") as string;
    expect(code).toMatch(/^[A-Za-z0-9+/]{100,}=+$/);
    const answer = await world.token({
      grant_type: "authorization_code",
      code,
      redirect_uri: callback,
      client_id: client.name,
      code_verifier: verifier,
    });
    expect(answer).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
    expect(answer.body).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 3600 });
    expect(claimsOf(answer.body.access_token)).toMatchObject({
      iss: "https://identity.oraclecloud.com/",
      aud: api.audience,
      scope: "read write",
      sub: user.userName,
      sub_type: "user",
      gtp: "azc",
      tok_type: "AT",
      user_id: user.id,
      client_id: client.name,
    });
  });
});
