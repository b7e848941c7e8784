# Floats in the fields of objects: the planets of the solar system.
import math
import sys
from math import sqrt


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx
        self.vy = vy
        self.vz = vz
        self.mass = mass


def solar_system():
    solar_mass = 39.47841760435743
    days = 365.24
    return [
        Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, solar_mass),
        Body(
            4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
            0.00166007664274403694 * days, 0.00769901118419740425 * days,
            -0.0000690460016972063023 * days, 0.000954791938424326609 * solar_mass,
        ),
        Body(
            8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
            -0.00276742510726411115 * days, 0.00499852801234917238 * days,
            0.0000230417297573763929 * days, 0.000285885980666130812 * solar_mass,
        ),
        Body(
            12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
            0.00296460137564761618 * days, 0.00237847173959480950 * days,
            -0.0000296589568540237556 * days, 0.0000436624404335156298 * solar_mass,
        ),
        Body(
            15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
            0.00268067772490389322 * days, 0.00162824170038242295 * days,
            -0.0000951592254519715870 * days, 0.0000515138902046611451 * solar_mass,
        ),
    ]


def energy(bodies):
    e = 0.0
    for i in range(len(bodies)):
        b = bodies[i]
        e += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
        for j in range(i + 1, len(bodies)):
            other = bodies[j]
            dx = b.x - other.x
            dy = b.y - other.y
            dz = b.z - other.z
            e -= b.mass * other.mass / sqrt(dx * dx + dy * dy + dz * dz)
    return e


def run(steps):
    bodies = solar_system()
    n = len(bodies)
    dt = 0.01
    for step in range(steps):
        for i in range(n):
            b = bodies[i]
            bx = b.x
            by = b.y
            bz = b.z
            mass = b.mass
            vx = b.vx
            vy = b.vy
            vz = b.vz
            for j in range(i + 1, n):
                other = bodies[j]
                dx = bx - other.x
                dy = by - other.y
                dz = bz - other.z
                d2 = dx * dx + dy * dy + dz * dz
                mag = dt / (d2 * sqrt(d2))
                mine = other.mass * mag
                vx -= dx * mine
                vy -= dy * mine
                vz -= dz * mine
                theirs = mass * mag
                other.vx += dx * theirs
                other.vy += dy * theirs
                other.vz += dz * theirs
            b.vx = vx
            b.vy = vy
            b.vz = vz
            b.x += dt * vx
            b.y += dt * vy
            b.z += dt * vz
    return math.floor(energy(bodies) * 1000000000.0)


print(run(int(sys.argv[1])))
