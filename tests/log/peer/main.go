// Checks what a log says with the code that checks Go's checksum database: another
// implementation of notes and RFC 6962 proofs than the one under test.
//
// Reads one JSON object from stdin; exits 1 and says why if anything does not hold.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Vkey       string   `json:"vkey"`
	Checkpoint string   `json:"checkpoint"`
	Entry      []byte   `json:"entry"`
	Proof      string   `json:"proof"`
	Later      string   `json:"later"`
	Growth     []string `json:"growth"`
}

func main() {
	var asked question
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	size, root := opened(asked.Checkpoint, asked.Vkey)
	if asked.Proof != "" {
		checkEntry(asked)
	}
	if asked.Later != "" {
		newer, newerRoot := opened(asked.Later, asked.Vkey)
		proof := tlog.TreeProof(hashes(asked.Growth))
		must(tlog.CheckTree(proof, newer, newerRoot, size, root))
	}
	fmt.Println("holds")
}

// checkEntry reads a C2SP tlog-proof, and checks it with the checkpoint inside.
func checkEntry(asked question) {
	head, signed, found := strings.Cut(asked.Proof, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("not a tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	must(err)
	size, root := opened(signed, asked.Vkey)
	proof := tlog.RecordProof(hashes(lines[2:]))
	must(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(asked.Entry)))
}

// opened returns the size and root of a checkpoint that the key has signed.
func opened(signed, vkey string) (int64, tlog.Hash) {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 3 || lines[0] != verifier.Name() {
		fail("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hashes(lines[2:3])[0]
}

func hashes(texts []string) []tlog.Hash {
	var found []tlog.Hash
	for _, text := range texts {
		content, err := base64.StdEncoding.DecodeString(text)
		must(err)
		var hash tlog.Hash
		if len(content) != len(hash) {
			fail("not a hash: " + text)
		}
		copy(hash[:], content)
		found = append(found, hash)
	}
	return found
}

func must(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}
