import type { Router } from "../http";
import { activate, showActivation } from "./activations";
import { authorize } from "./authorize";
import { decideConsent, showConsent } from "./consent";
import { authorizeDevice, continueDevice, showDevice } from "./device";
import { authorizationServerMetadata, idcsConfiguration, openidConfiguration } from "./discovery";
import type { OAuthDomain } from "./domain";
import { introspect } from "./introspect";
import { logout } from "./logout";
import { revoke } from "./revocation";
import { showSignIn, signIn } from "./sign-in";
import { token } from "./token";
import { userInfo } from "./user-info";

const documents = {
  "openid-configuration": openidConfiguration,
  "oauth-authorization-server": authorizationServerMetadata,
  "idcs-configuration": idcsConfiguration,
};

/** Adds the OAuth endpoints of a domain, the pages that go with them and the discovery documents. */
export function oauthRoutes<Domain extends OAuthDomain>(router: Router<Domain>): Router<Domain> {
  router
    .on("GET", "/oauth2/v1/authorize", (request, _params, domain) => authorize(request, domain))
    .on("POST", "/oauth2/v1/token", (request, _params, domain) => token(request, domain))
    .on("GET", "/oauth2/v1/userinfo", (request, _params, domain) => userInfo(request, domain))
    .on("GET", "/oauth2/v1/userlogout", (request, _params, domain) => logout(request, domain))
    .on("POST", "/oauth2/v1/revoke", (request, _params, domain) => revoke(request, domain))
    .on("POST", "/oauth2/v1/introspect", (request, _params, domain) => introspect(request, domain))
    .on("POST", "/oauth2/v1/device", (request, _params, domain) => authorizeDevice(request, domain))
    .on("GET", "/ui/v1/device", (request, _params, domain) => showDevice(request, domain))
    .on("POST", "/ui/v1/device", (request, _params, domain) => continueDevice(request, domain))
    .on("GET", "/ui/v1/activate", (request, _params, domain) => showActivation(request, domain))
    .on("POST", "/ui/v1/activate", (request, _params, domain) => activate(request, domain))
    .on("GET", "/ui/v1/signin", (request, _params, domain) => showSignIn(request, domain))
    .on("POST", "/ui/v1/signin", (request, _params, domain) => signIn(request, domain))
    .on("GET", "/ui/v1/myconsole/consent", (request, _params, domain) => showConsent(request, domain))
    .on("POST", "/ui/v1/myconsole/consent", (request, _params, domain) => decideConsent(request, domain));
  for (const [name, document] of Object.entries(documents)) {
    router.on("GET", `/.well-known/${name}`, (_request, _params, { store }) => ({
      status: 200,
      body: document(store.domain.url, store.get("Settings", "Settings").issuer as string),
    }));
  }
  return router;
}
