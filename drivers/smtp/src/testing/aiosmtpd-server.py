"""A mail server (Debian's python3-aiosmtpd) that says on its output what it took, and first on which port it listens."""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

mode, certificate, key = sys.argv[1:4]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        told = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": server.transport.get_extra_info("ssl_object") is not None}
        print(json.dumps({**told, "content": envelope.content.decode()}), flush=True)
        return "250 2.0.0 taken as 4711"


def authenticate(server, session, envelope, mechanism, data):
    isRight = data.login == b"hv" and data.password == "geheim ü".encode()
    # Not handled: aiosmtpd says 535 itself.
    return AuthResult(success=isRight, handled=False)


def serve():
    starttls = mode == "starttls"
    return SMTP(
        Handler(),
        hostname="mx.test",
        tls_context=context if starttls else None,
        require_starttls=starttls,
        authenticator=authenticate,
        auth_required=mode != "none",
        auth_require_tls=starttls,
    )


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(serve, "127.0.0.1", 0, ssl=context if mode == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
