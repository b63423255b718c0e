"""SimpleSAMLphp from Debian's packages, as an identity provider: installed when it is missing, which needs root."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import httpx

from lyhord.residents.saml.key import make_key
from tests.ports import free_port

PACKAGES = ("simplesamlphp", "php-cli", "php-xml", "php-mbstring", "php-curl")
SHARE = Path("/usr/share/simplesamlphp")
CONFIG = """<?php
require '/etc/simplesamlphp/config.php';
$config = array_merge($config, [
    'baseurlpath' => '{url}/', 'certdir' => '{folder}/', 'loggingdir' => '{folder}/', 'datadir' => '{folder}/',
    'tempdir' => '{folder}/tmp', 'metadatadir' => '{folder}/metadata/', 'logging.handler' => 'file',
    'secretsalt' => 'prov', 'auth.adminpassword' => 'prov', 'timezone' => 'UTC', 'enable.saml20-idp' => true,
    'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
    'session.cookie.secure' => false, 'session.cookie.samesite' => null, 'language.i18n.backend' => 'SimpleSAMLphp',
    'session.phpsession.savepath' => '{folder}/tmp', 'store.type' => 'phpsession',
    'metadata.sources' => [['type' => 'flatfile'], ['type' => 'xml', 'file' => '{folder}/sp.xml']],
]);
"""
SOURCES = """<?php
$config = ['prov' => ['exampleauth:UserPass',
    'anna:anna' => ['uid' => ['anna'], 'urn:oid:1.2.752.29.4.13' => ['198001019876'],
                    'urn:oid:1.2.752.201.3.4' => ['NO:05068907693']],
]];
"""
HOSTED = """<?php
$metadata['{name}'] = [
    'host' => '__DEFAULT__', 'privatekey' => 'server.pem', 'certificate' => 'server.crt', 'auth' => 'prov',
    'assertion.encryption' => true, 'validate.authnrequest' => true, 'saml20.sign.response' => {response},
    'NameIDFormat' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
    'authproc' => [10 => ['class' => 'saml:PersistentNameID', 'attribute' => 'uid', 'identifyingAttribute' => 'uid']],
];
"""


def install() -> None:
    """The packages, once for the machine."""
    if SHARE.exists() and shutil.which("php"):
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *PACKAGES]
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)


class SimpleSaml:
    """One that runs, until `close`. It knows us when `know` has been told our metadata."""

    def __init__(self, folder: Path, *, signs_responses: bool) -> None:
        install()
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self.name = "https://id.exempel.se/prov"
        key, certificate = make_key("id.exempel.se")
        for inside in ("tmp", "metadata"):
            (folder / inside).mkdir()
        values = {"url": self.url, "folder": str(folder), "name": self.name, "response": str(signs_responses).lower()}
        files = {"config.php": CONFIG, "authsources.php": SOURCES, "metadata/saml20-idp-hosted.php": HOSTED}
        files |= {"server.pem": key, "server.crt": certificate}
        for name, text in files.items():
            for field, value in values.items():
                text = text.replace(f"{{{field}}}", value)  # noqa: PLW2901  # filled in one after the other
            (folder / name).write_text(text)
        self._log = (folder / "server.log").open("w")
        where = self.url.removeprefix("http://")
        env = {**os.environ, "SIMPLESAMLPHP_CONFIG_DIR": str(folder)}
        command = ["php", "-d", "error_reporting=E_ERROR", "-S", where, "-t", str(SHARE / "www")]
        self._process = subprocess.Popen(command, env=env, stdout=self._log, stderr=self._log)
        self._wait()

    @property
    def metadata_url(self) -> str:
        """Where it says what it is."""
        return f"{self.url}/saml2/idp/metadata.php"

    def know(self, metadata: str) -> None:
        """Let us in."""
        (self.folder / "sp.xml").write_text(metadata)

    def _wait(self) -> None:
        (self.folder / "sp.xml").write_text(
            '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="nobody"/>'
        )
        for _turn in range(600):
            try:
                httpx.get(f"{self.url}/resources/default.css", timeout=30, trust_env=False)
                return
            except httpx.TransportError:
                assert self._process.poll() is None
                time.sleep(0.1)

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()
        self._log.close()
