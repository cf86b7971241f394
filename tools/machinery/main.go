// Command machinery answers questions about Talos machine configuration with Talos' own library.
//
// It reads one JSON request a line, {"id", "method", "params"}, from standard input and writes one JSON
// response a line, {"id", "result"} or {"id", "error"}, to standard output, in the order in which they are
// ready. It ends when standard input does.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
)

type request struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

type response struct {
	ID     json.RawMessage `json:"id"`
	Result any             `json:"result,omitempty"`
	Error  *failure        `json:"error,omitempty"`
}

// failure is an error in the two parts that the Talos provider shows.
type failure struct {
	Summary string `json:"summary"`
	Detail  string `json:"detail"`
	// Panic is the value of a panic inside Talos' library, which ends the real provider.
	Panic string `json:"panic,omitempty"`
	Stack string `json:"stack,omitempty"`
}

func (f *failure) Error() string { return f.Summary + ": " + f.Detail }

// failed gives an error its summary.
func failed(summary string, err error) error {
	return &failure{Summary: summary, Detail: err.Error()}
}

var methods = map[string]func(json.RawMessage) (any, error){
	"secrets":             handler(newSecrets),
	"importSecrets":       handler(importSecrets),
	"clientConfiguration": handler(renewClientConfiguration),
	"checkInputs":         handler(checkInputs),
	"generate":            handler(generateConfiguration),
	"patch":               handler(patchConfiguration),
	"validate":            handler(validateConfiguration),
	"talosconfig":         handler(talosconfig),
	"matchDisks":          handler(matchDisks),
}

func handler[P, R any](method func(P) (R, error)) func(json.RawMessage) (any, error) {
	return func(raw json.RawMessage) (any, error) {
		var params P

		if err := json.Unmarshal(raw, &params); err != nil {
			return nil, failed("bad parameters", err)
		}

		return method(params)
	}
}

func answer(req request) (resp response) {
	resp.ID = req.ID

	defer func() {
		if p := recover(); p != nil {
			resp.Result = nil
			resp.Error = &failure{Summary: "panic", Detail: fmt.Sprint(p), Panic: fmt.Sprint(p), Stack: string(debug.Stack())}
		}
	}()

	method, ok := methods[req.Method]
	if !ok {
		resp.Error = &failure{Summary: "unknown method", Detail: req.Method}

		return resp
	}

	result, err := method(req.Params)
	if err != nil {
		if !errors.As(err, &resp.Error) {
			resp.Error = &failure{Summary: "machinery", Detail: err.Error()}
		}

		return resp
	}

	resp.Result = result

	return resp
}

// serve answers requests as they come, each in a goroutine of its own: making RSA keys takes a second.
func serve(in io.Reader, out io.Writer) error {
	var (
		running sync.WaitGroup
		writing sync.Mutex
	)

	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)

	decoder := json.NewDecoder(bufio.NewReader(in))

	defer running.Wait()

	for {
		var req request

		if err := decoder.Decode(&req); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}

		running.Go(func() {
			resp := answer(req)

			writing.Lock()
			defer writing.Unlock()

			if err := encoder.Encode(resp); err != nil {
				fmt.Fprintln(os.Stderr, "writing a response:", err)
			}
		})
	}
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "machinery:", err)
		os.Exit(1)
	}
}
