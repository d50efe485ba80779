"""Ensemble text from templates: sandboxed, strict, and `quoted` is the only way in."""

from conductor.compiler.render.environment import Renderer as Renderer
from conductor.compiler.render.filters import part_name as part_name
from conductor.compiler.render.filters import profile_name as profile_name
from conductor.compiler.render.pages import pages as pages
from conductor.compiler.render.quoting import quoted as quoted
from conductor.compiler.render.statics import mistakes as mistakes
