"""RT 5 from Debian's packages, in a database of the test server: installed when it is missing, which needs root."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg

from tests.ports import free_port

PACKAGES = ("request-tracker5", "rt5-standalone", "rt5-db-postgresql", "dbconfig-no-thanks", "w3m")
SHARE = "/usr/share/request-tracker5"
CONFIG = """
Set($rtname, 'kommun.example'); Set($Organization, 'kommun.example');
Set($WebDomain, '127.0.0.1'); Set($WebPort, '{port}'); Set($WebPath, ''); Set($WebBaseURL, 'http://127.0.0.1:{port}');
Set($Timezone, 'UTC'); Set($BcryptCost, 10); Set($MailCommand, 'testfile');
Set($LogToSyslog, undef); Set($LogToFile, 'warning'); Set($LogDir, '{folder}'); Set($LogToFileNamed, 'rt.log');
Set($DatabaseType, 'Pg'); Set($DatabaseHost, '{host}'); Set($DatabasePort, '5432');
Set($DatabaseName, '{name}'); Set($DatabaseUser, 'rt_user'); Set($DatabasePassword, 'rt');
1;
"""


def install() -> None:
    """The packages, once for the machine."""
    if shutil.which("rt-setup-database-5"):
        return
    answers = ("dbconfig-install", "install-cronjobs")
    lines = "\n".join(f"request-tracker5 request-tracker5/{one} boolean false" for one in answers)
    subprocess.run(["debconf-set-selections"], input=lines, text=True, check=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=env, check=True, stdout=subprocess.DEVNULL)
    command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *PACKAGES]
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)


class Rt:
    """One that runs, until `close`."""

    def __init__(self, folder: Path, name: str) -> None:
        install()
        self.port = free_port()
        self._folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        config = folder / "conf.d"
        config.mkdir()
        self._database(name)
        host = parse_qs(urlsplit(os.environ["LYHORD_TEST_ADMIN_URL"]).query)["host"][0]
        text = CONFIG.format(port=self.port, folder=folder, host=host, name=name)
        (config / "10-lyhord.pm").write_text(text)
        (folder / "site.pm").write_text("1;\n")
        self._env = {**os.environ, "RT_SITE_CONFIG": str(folder / "site.pm"), "RT_SITE_CONFIG_DIR": str(config)}
        self._setup("schema,coredata")
        self._setup("insert", "--datafile", f"{SHARE}/etc/initialdata")
        self._setup("insert", "--datafile", str(Path(__file__).parent / "initialdata"))
        self._log = (folder / "server.log").open("w")
        command = ["perl", f"{SHARE}/libexec/rt-server", "--server", "Starlet", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--max-workers", "2"]
        self._process = subprocess.Popen(command, env=self._env, stdout=self._log, stderr=self._log)
        self._wait()

    def _database(self, name: str) -> None:
        with psycopg.connect(os.environ["LYHORD_TEST_ADMIN_URL"], autocommit=True) as admin:
            if not admin.execute("select 1 from pg_roles where rolname = 'rt_user'").fetchone():
                admin.execute("create role rt_user login")
            admin.execute(f"create database {name} owner rt_user template template0 encoding 'UTF8'".encode())

    def _setup(self, action: str, *more: str) -> None:
        command = ["rt-setup-database-5", "--action", action, "--skip-create", *more]
        done = subprocess.run(command, env=self._env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _wait(self) -> None:
        end = time.monotonic() + 90
        while True:
            try:
                assert httpx.get(f"{self.url}/REST/2.0/rt", timeout=30).status_code == 401
            except httpx.TransportError:
                assert time.monotonic() < end, "RT did not answer"
                time.sleep(0.2)
            else:
                return

    def add_scrip(self, condition: str, action: str) -> None:
        """What an administrator puts into its scrip's two fields, in every queue."""
        fields = {"CustomIsApplicableCode": condition, "CustomPrepareCode": "return 1;", "CustomCommitCode": action}
        texts = [f"{name} => <<'END_OF_IT',\n{text}\nEND_OF_IT\n" for name, text in fields.items()]
        named = "Description => 'Lyhord', Queue => 0, Template => 'Blank', Stage => 'TransactionCreate',\n"
        kinds = "ScripCondition => 'User Defined', ScripAction => 'User Defined',\n"
        made = self._folder / "scrip"
        made.write_text(f"@Scrips = ({{ {named}{kinds}{''.join(texts)} }});\n1;\n", encoding="utf-8")
        self._setup("insert", "--datafile", str(made))

    def as_anna(self, method: str, path: str, body: object = None) -> httpx.Response:
        """What somebody who works there does."""
        where = f"{self.url}/REST/2.0{path}"
        answer = httpx.request(method, where, auth=("anna", "anna-secret"), json=body, timeout=60)
        assert answer.is_success, answer.text
        return answer

    def close(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(timeout=30)
        self._log.close()
