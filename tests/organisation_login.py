"""The login of an organisation: a small OpenID Connect provider in a process of its own, on loopback.

It does discovery, authorisation code with PKCE, a signed identity token and its keys, with PyJWT and the standard
library; nothing of it is shared with the register. ``POST /next`` sets what the next person claims, and how the token
is spoiled, so that a test can see a bad one refused.

Run as ``python -m tests.organisation_login PORT_FILE``.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "register", "geheim-van-de-organisatie"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
codes: dict[str, dict[str, str]] = {}
wanted: dict[str, Any] = {"claims": {}, "spoil": ""}


class Provider(BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        match address.path:
            case "/.well-known/openid-configuration":
                self._give(
                    {
                        "issuer": self._issuer(),
                        "authorization_endpoint": f"{self._issuer()}/authorize",
                        "token_endpoint": f"{self._issuer()}/token",
                        "jwks_uri": f"{self._issuer()}/keys",
                        "userinfo_endpoint": f"{self._issuer()}/userinfo",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                )
            case "/keys":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
                self._give({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})
            case "/userinfo":
                self._give({"sub": wanted["claims"].get("sub", ""), "email": "userinfo@amc.example"})
            case "/authorize":
                code = secrets.token_urlsafe()
                codes[code] = asked
                self.send_response(302)
                answer = urlencode({"code": code, "state": asked["state"]})
                self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
                self.end_headers()
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/next":
            wanted.update(json.loads(body))
            self._give({})
            return
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = codes.pop(sent.get("code", ""), None)
        if asked is None or not self._holds(asked, sent):
            self._give({"error": "invalid_grant"}, status=400)
            return
        answer = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "id_token": self._token(asked)}
        if wanted["spoil"] == "missing":
            del answer["id_token"]
        self._give(answer)

    def _holds(self, asked: dict[str, str], sent: dict[str, str]) -> bool:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        return (
            asked.get("code_challenge_method") == "S256"
            and challenge.rstrip(b"=").decode() == asked.get("code_challenge")
            and (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
            and sent.get("redirect_uri") == asked["redirect_uri"]
        )

    def _token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self._issuer(), "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked.get("nonce", "")}
        claims |= wanted["claims"]
        key, algorithm, header = KEY, "RS256", {"kid": "one"}
        match wanted["spoil"]:
            case "nonce":
                claims["nonce"] = "another question"
            case "no nonce":
                del claims["nonce"]
            case "audience":
                claims["aud"] = "somebody else"
            case "party":
                claims |= {"aud": [CLIENT, "somebody else"], "azp": "somebody else"}
            case "issuer":
                claims["iss"] = "https://elsewhere.example"
            case "expired":
                claims["exp"] = now - 120
            case "key":
                key = STRANGER
            case "kid":
                header = {"kid": "two"}
            case "none":
                return jwt.encode(claims, key=None, algorithm="none", headers=header)
            case "shared":
                return jwt.encode(claims, key=SECRET * 2, algorithm="HS256", headers=header)
            case "cut":
                return jwt.encode(claims, key=key, algorithm=algorithm, headers=header).rpartition(".")[0] + "."
            case "nonsense":
                return "nonsense"
        return jwt.encode(claims, key=key, algorithm=algorithm, headers=header)

    def _issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def _give(self, content: dict[str, Any], *, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Tests read answers, not logs."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        told = Path(sys.argv[1])
        told.with_suffix(".new").write_text(str(server.server_address[1]))
        told.with_suffix(".new").replace(told)
        server.serve_forever()
