# make demo : sets everything up and plans Jinshui's month (README)
# make test : sets everything up and runs the tests, make test-slow the slow ones
# Needs Python 3.11 or newer, make and a package index. A second run reuses the set-up.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test test-slow lint wheel bench bench-city bench-borders bench-feeds bench-faults bench-stress bench-province bench-curves bundle bundle-windows clean requirements

demo: $(READY)
	$(BIN)/zhiban demo --scenario jinshui --out out/jinshui

test: $(READY)
	$(BIN)/python -m pytest -n 2 -m 'not slow'

test-slow: $(READY)
	$(BIN)/python -m pytest -n 2 -m slow

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

wheel: $(READY)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

# Results go to benchmarks/results/*.csv and benchmarks/README.md, which says how long each takes.
# The long ones go on where they stopped when they are called again at the same commit.
bench: $(READY)
	$(BIN)/python -m pytest benchmarks --benchmark-only -o addopts="--import-mode=importlib -q"
	$(BIN)/python -m benchmarks.run baselines T S M
	$(BIN)/python -m benchmarks.page

bench-city: $(READY)
	$(BIN)/python -m benchmarks.run city
	$(BIN)/python -m benchmarks.page

bench-borders: $(READY)
	$(BIN)/python -m benchmarks.run borders
	$(BIN)/python -m benchmarks.page

bench-feeds: $(READY)
	$(BIN)/python -m benchmarks.run feeds
	$(BIN)/python -m benchmarks.page

bench-stress: $(READY)
	$(BIN)/python -m benchmarks.run stress
	$(BIN)/python -m benchmarks.page

bench-province: $(READY)
	$(BIN)/python -m benchmarks.run province
	$(BIN)/python -m benchmarks.page

bench-faults: $(READY)
	$(BIN)/python -m benchmarks.run faults --database sqlite
	$(BIN)/python -m benchmarks.run faults --database postgres
	$(BIN)/python -m benchmarks.page

bench-curves: $(READY)
	$(BIN)/python -m benchmarks.run curves
	$(BIN)/python -m benchmarks.run counties
	$(BIN)/python -m benchmarks.page

# An office without a package index: dist/zhiban-bundle.tar.gz holds wheels, fonts and a start script; it is for the
# system and the Python it was made with. bundle-windows makes a zip for 64-bit Windows and the same Python.
FONTS ?= /usr/share/fonts/opentype/noto
BUNDLED_FONTS = $(wildcard $(addprefix $(FONTS)/,NotoSansCJK-Regular.ttc NotoSerifCJK-Regular.ttc NotoSerifCJK-Bold.ttc))

bundle: wheel
	rm -rf dist/bundle && mkdir -p dist/bundle/wheels dist/bundle/fonts
	sed -e '/--hash/d' -e 's/ *\\$$//' requirements.txt > dist/constraints.txt
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check -c dist/constraints.txt -w dist/bundle/wheels "$$(ls dist/zhiban-*.whl)[print]"
	@test -z "$(BUNDLED_FONTS)" || cp $(BUNDLED_FONTS) dist/bundle/fonts
	cp api/deploy/bundle/* LICENSE dist/bundle
	tar -C dist -czf dist/zhiban-bundle.tar.gz bundle

bundle-windows: bundle # which builds the wheels of what has none
	rm -rf dist/bundle-windows && mkdir -p dist/bundle-windows/wheels dist/bundle-windows/fonts
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra print -c dist/constraints.txt --python-platform windows --quiet --no-header --no-annotate --no-emit-index-url -o dist/windows.txt
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --platform win_amd64 --find-links dist/bundle/wheels -r dist/windows.txt -d dist/bundle-windows/wheels
	cp dist/zhiban-*.whl dist/bundle-windows/wheels
	@test -z "$(BUNDLED_FONTS)" || cp $(BUNDLED_FONTS) dist/bundle-windows/fonts
	cp api/deploy/bundle/* LICENSE dist/bundle-windows
	cd dist && $(abspath $(BIN))/python -m zipfile -c zhiban-bundle-windows.zip bundle-windows

requirements: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra bench --extra cluster --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --upgrade -o requirements.txt
	cp requirements.txt requirements-service.txt
	$(BIN)/uv pip compile pyproject.toml --extra print --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements-service.txt

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更新版本：make PYTHON=python3.11 … / Python 3.11 or newer is needed"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

clean:
	rm -rf $(VENV) dist out
