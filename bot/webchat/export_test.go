package webchat

// RenderHTML is open to tests.
var RenderHTML = renderHTML

// Languages is open to tests.
var Languages = languages

// Files is open to tests.
var Files = files
