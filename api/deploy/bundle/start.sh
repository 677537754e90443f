#!/bin/sh
# 值班 zhiban：离线安装并启动。Installs from the wheels beside this script, without network, then starts.
#   sh start.sh                        试用服务 a demo service on http://127.0.0.1:8000
#   sh start.sh solve 本月.xlsx --out 结果   任何 zhiban 命令 any command
set -e
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "需要 Python 3.11 或更新版本：PYTHON=python3.11 sh start.sh / Python 3.11 or newer is needed" >&2
  exit 1
}
if [ ! -f "$here/.venv/.ready" ]; then
  echo "首次启动，正在安装 installing…" >&2
  "$python" -m venv "$here/.venv"
  "$here/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index \
    --find-links "$here/wheels" "zhiban[print]"
  touch "$here/.venv/.ready"
fi
ZHIBAN_FONTS=${ZHIBAN_FONTS:-$here/fonts}
export ZHIBAN_FONTS
[ $# -gt 0 ] || set -- serve --demo --data "$here/demo"
exec "$here/.venv/bin/zhiban" "$@"
