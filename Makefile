# The front door. `make` alone says what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test bench simulate fmt lint

help: ## say what each target does
	@echo 'Genkan, the check-in desk at the door. Each target installs what it needs and says so.'
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

demo: ## a whole sample centre on this machine; KEEP=1 keeps the data of the last one, Ctrl-C ends it
	@.ci/setup demo
	@.ci/build
	@exec cargo run --quiet --bin demo

test: ## build and run every test; full log in target/test/log.txt
	@.ci/test

bench: ## measure speed and memory against our aims, as one table
	@.ci/setup bench
	@.ci/build
	@exec cargo run --quiet --bin bench

simulate: ## a year at the door by the real rules, checked at every step; DAYS=365 SEED=1 DEMAND=90 (% of all seats)
	@.ci/setup simulate
	@.ci/build
	@exec cargo run --quiet --bin simulate

fmt: ## format the code
	@.ci/setup fmt
	cargo fmt --all

lint: ## check format, clippy, licences, and what may depend on what
	@.ci/lint
