"""Znuny 6.5 from Debian's packages, in a database of the test server: installed when it is missing, which needs root.

A Znuny that somebody else has set up on this machine is left alone.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import psycopg
import pytest

from tests.peers.forward import Forward
from tests.ports import free_port

PACKAGES = (
    *("otrs2", "apache2", "libapache2-mod-perl2", "dbconfig-no-thanks"),
    "librest-client-perl",  # which its REST interface needs, and which it does not say that it needs
)
HOME = Path("/usr/share/otrs")
DATABASE, SETTINGS = Path("/etc/otrs/database.pm"), Path("/var/lib/otrs/Config/Files/ZZZLyhord.pm")
OURS = "# For Lyhörd's tests."
CONNECTION = """{ours}
$dbtype = 'pgsql'; $dbserver = '127.0.0.1'; $dbport = '{port}'; $dbname = '{name}'; $dbuser = 'otrs'; $dbpass = 'otrs';
1;
"""
NO_MAIL = """package Kernel::Config::Files::ZZZLyhord;
sub Load {
    my ( $File, $Self ) = @_;
    $Self->{CheckMXRecord}  = 0;
    $Self->{SendmailModule} = 'Kernel::System::Email::DoNotSendEmail';
}
1;
"""
APACHE = """ServerRoot /etc/apache2
PidFile {folder}/httpd.pid
Mutex file:{folder} default
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
ErrorLog {folder}/error.log
{modules}
TypesConfig /etc/mime.types
User otrs
Group www-data
StartServers 1
MinSpareServers 1
MaxSpareServers 1
ServerLimit 1
MaxRequestWorkers 1
Include /etc/apache2/conf-available/otrs2.conf
"""
MODULES = (
    *("mpm_prefork", "authz_core", "authz_host", "alias", "mime", "dir", "filter", "headers", "deflate", "perl"),
)


def install() -> None:
    """The packages, once for the machine; they lie in Debian's section non-free."""
    if DATABASE.exists() and not DATABASE.read_text(encoding="utf-8").startswith(OURS):
        pytest.skip("this machine has a Znuny of somebody else's")
    if (HOME / "bin" / "otrs.Console.pl").exists():
        return
    for file in Path("/etc/apt/sources.list.d").glob("*.sources"):
        lines = [_with_non_free(line) for line in file.read_text(encoding="utf-8").splitlines()]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(
        ["debconf-set-selections"], input="otrs2 otrs2/dbconfig-install boolean false", text=True, check=True
    )
    subprocess.run(["apt-get", "update", "-qq"], env=env, check=True, stdout=subprocess.DEVNULL)
    command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *PACKAGES]
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)


def _with_non_free(line: str) -> str:
    words = line.split()
    wanted = words[:1] == ["Components:"] and "main" in words and "non-free" not in words
    return f"{line} non-free" if wanted else line


class Znuny:
    """One that runs, until `close`."""

    def __init__(self, name: str) -> None:
        install()
        self._folder = Path(tempfile.mkdtemp(prefix="lyhord-znuny-"))  # pytest's own are closed to Znuny's user
        shutil.chown(self._folder, "otrs", "www-data")
        self.port = free_port()
        root = f"http://127.0.0.1:{self.port}/otrs"
        self.url, self._ready = f"{root}/nph-genericinterface.pl/Webservice/Lyhord", f"{root}/public.pl"
        admin = os.environ["LYHORD_TEST_ADMIN_URL"]
        host = parse_qs(urlsplit(admin).query)["host"][0]
        self._way = Forward(Path(host) / ".s.PGSQL.5432")  # the socket's folder is closed to Znuny's own user
        self._database(admin, name)
        DATABASE.write_text(CONNECTION.format(ours=OURS, port=self._way.port, name=name), encoding="utf-8")
        DATABASE.chmod(0o644)
        SETTINGS.write_text(NO_MAIL, encoding="utf-8")
        self._provision()
        self._serve()
        self._session = ""

    def _database(self, admin_url: str, name: str) -> None:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            if not admin.execute("select 1 from pg_roles where rolname = 'otrs'").fetchone():
                admin.execute("create role otrs login")
            admin.execute(f"create database {name} owner otrs template template0 encoding 'UTF8'".encode())
        where = f"host=127.0.0.1 port={self._way.port} user=otrs dbname={name}"
        with psycopg.connect(where, autocommit=True) as database:
            for part in ("schema", "initial_insert", "schema-post"):
                file = HOME / "scripts" / "database" / f"{part}.postgresql.sql"
                database.execute(file.read_bytes())

    def _provision(self) -> None:
        shutil.rmtree(HOME / "var" / "tmp" / "CacheFileStorable", ignore_errors=True)  # of another database
        Path("/run/otrs").mkdir(exist_ok=True)
        shutil.chown("/run/otrs", "otrs", "www-data")
        for name in ("provision.pl", "web-service.yml"):
            shutil.copy(Path(__file__).parent / name, self._folder / name)
            (self._folder / name).chmod(0o644)
        self._as_otrs("perl", str(HOME / "bin" / "otrs.Console.pl"), "Maint::Config::Rebuild")
        self._as_otrs("perl", str(self._folder / "provision.pl"), str(self._folder / "web-service.yml"))

    def add_bell(self, requester: str) -> None:
        """What an administrator puts into its web service; told at once, since no daemon runs here."""
        (self._folder / "bell.yml").write_text(
            requester.replace("Asynchronous: '1'", "Asynchronous: '0'"), encoding="utf-8"
        )
        shutil.copy(Path(__file__).parent / "bell.pl", self._folder / "bell.pl")
        for name in ("bell.yml", "bell.pl"):
            (self._folder / name).chmod(0o644)
        self._as_otrs("perl", str(self._folder / "bell.pl"), str(self._folder / "bell.yml"))

    def _as_otrs(self, *command: str) -> None:
        who = ["setpriv", "--reuid=otrs", "--regid=www-data", "--clear-groups"]
        env = {**os.environ, "HOME": str(self._folder)}
        done = subprocess.run([*who, *command], env=env, cwd=self._folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _serve(self) -> None:
        lines = [f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so" for one in MODULES]
        text = APACHE.format(folder=self._folder, port=self.port, modules="\n".join(lines))
        (self._folder / "httpd.conf").write_text(text, encoding="utf-8")
        command = ["apache2", "-D", "FOREGROUND", "-f", str(self._folder / "httpd.conf")]
        quiet = subprocess.DEVNULL
        # Apache ends its whole group, which would be ours
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
        end = time.monotonic() + 120
        while True:
            try:
                assert httpx.get(self._ready, timeout=60).status_code == 200
            except httpx.TransportError:
                assert time.monotonic() < end, (self._folder / "error.log").read_text(encoding="utf-8")[-2000:]
                time.sleep(0.2)
            else:
                return

    def as_anna(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """What somebody who works there does."""
        if not self._session:
            login = {"UserLogin": "anna", "Password": "anna-secret"}
            self._session = httpx.post(f"{self.url}/Session", json=login, timeout=60).json()["SessionID"]
        told = {"SessionID": self._session, **body}
        if method == "GET":
            answer = httpx.get(f"{self.url}{path}?{urlencode(told)}", timeout=60)
        else:
            answer = httpx.request(method, f"{self.url}{path}", json=told, timeout=60)
        read: dict[str, Any] = answer.json()
        assert "Error" not in read, read
        return read

    def close(self) -> None:
        """Stop it, and forget where it was."""
        self._process.terminate()
        self._process.wait(timeout=30)
        self._way.close()
        DATABASE.unlink()
        SETTINGS.unlink()
        shutil.rmtree(self._folder, ignore_errors=True)
