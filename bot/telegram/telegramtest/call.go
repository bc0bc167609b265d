package telegramtest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// call is one request to the API.
type call struct {
	method string
	params map[string]string
	files  map[string]upload
}

type upload struct {
	name string
	data []byte
}

// The largest uploads, in bytes: 50 MB for files, 10 MB for pictures.
const (
	maxUpload = 50 << 20
	maxPhoto  = 10 << 20
)

// readCall reads parameters from wherever the platform takes them: the address, a form, a multipart form, JSON.
func readCall(r *http.Request, method string) (*call, *apiError) {
	c := &call{method: method, params: map[string]string{}, files: map[string]upload{}}
	for key, values := range r.URL.Query() {
		c.params[key] = values[0]
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var problem *apiError
	switch kind {
	case "multipart/form-data":
		problem = c.readMultipart(r)
	case "application/json":
		problem = c.readJSON(r)
	default:
		if err := r.ParseForm(); err != nil {
			return nil, failure(http.StatusBadRequest, "Bad Request: can't parse the form")
		}
		for key, values := range r.PostForm {
			c.params[key] = values[0]
		}
	}
	if problem != nil {
		return nil, problem
	}
	for _, value := range c.params {
		if !utf8.ValidString(value) {
			return nil, failure(http.StatusBadRequest, "Bad Request: strings must be encoded in UTF-8")
		}
	}
	return c, nil
}

func (c *call) readMultipart(r *http.Request) *apiError {
	const form = 1 << 20 // what may stand around a file
	if r.ContentLength > maxUpload+form {
		_, _ = io.Copy(io.Discard, r.Body)
		return failure(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	reader, err := r.MultipartReader()
	if err != nil {
		return failure(http.StatusBadRequest, "Bad Request: "+err.Error())
	}
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return failure(http.StatusBadRequest, "Bad Request: the form was cut")
		}
		data, err := io.ReadAll(io.LimitReader(part, maxUpload+1))
		if err != nil {
			return failure(http.StatusBadRequest, "Bad Request: the form was cut")
		}
		if len(data) > maxUpload {
			_, _ = io.Copy(io.Discard, r.Body)
			return failure(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		}
		if part.FileName() != "" {
			c.files[part.FormName()] = upload{part.FileName(), data}
		} else {
			c.params[part.FormName()] = string(data)
		}
	}
}

func (c *call) readJSON(r *http.Request) *apiError {
	var values map[string]json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&values); err != nil {
		return failure(http.StatusBadRequest, "Bad Request: can't parse JSON")
	}
	for key, raw := range values {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			c.params[key] = text
		} else {
			c.params[key] = string(raw)
		}
	}
	return nil
}

func (c *call) recorded(at time.Time) Call {
	var files []string
	for name := range c.files {
		files = append(files, name)
	}
	slices.Sort(files)
	return Call{Method: c.method, Params: c.params, Files: files, At: at}
}

func (c *call) integer(name string) int64 {
	n, _ := strconv.ParseInt(c.params[name], 10, 64)
	return n
}

func (c *call) isTrue(name string) bool { return c.params[name] == "true" }

// decode reads a JSON parameter that has been checked already.
func (c *call) decode(name string, into any) bool {
	raw, given := c.params[name]
	return given && json.Unmarshal([]byte(raw), into) == nil
}

// apiError is the platform's answer to what it does not do.
type apiError struct {
	code        int
	description string
	parameters  obj
}

func failure(code int, description string) *apiError {
	return &apiError{code: code, description: description}
}

func badRequest(format string, args ...any) *apiError {
	return failure(http.StatusBadRequest, "Bad Request: "+fmt.Sprintf(format, args...))
}

func forbidden(description string) *apiError {
	return failure(http.StatusForbidden, "Forbidden: "+description)
}

func tooMany(seconds int) *apiError {
	e := failure(http.StatusTooManyRequests, fmt.Sprintf("Too Many Requests: retry after %d", seconds))
	e.parameters = obj{"retry_after": seconds}
	return e
}

func (e *apiError) body() []byte {
	body := obj{"ok": false, "error_code": e.code, "description": e.description}
	if e.parameters != nil {
		body["parameters"] = e.parameters
	}
	raw, _ := json.Marshal(body)
	return raw
}

func writeError(w http.ResponseWriter, e *apiError) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.code)
	_, _ = w.Write(e.body())
}

func resultBody(result any) []byte {
	raw, err := json.Marshal(obj{"ok": true, "result": result})
	if err != nil {
		panic(fmt.Sprintf("telegramtest: encode a result: %v", err))
	}
	return raw
}

func writeResult(w http.ResponseWriter, result any) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(resultBody(result))
}

// languageCode checks what the specification says of it in prose.
func languageCode(c *call) *apiError {
	code := c.params["language_code"]
	if code == "" || len(code) == 2 && strings.ToLower(code) == code {
		return nil
	}
	return badRequest("invalid language code specified")
}
